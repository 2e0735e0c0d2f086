// SPDX-License-Identifier: Apache-2.0
import hooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const browser = { window: false, document: false, localStorage: false, matchMedia: false };

// What devices send is text: the ways to make markup or code of it are closed.
const MARKUP = [
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: "What comes from devices is never markup.",
  },
  {
    selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]",
    message: "What comes from devices is never markup.",
  },
  {
    selector: "JSXOpeningElement[name.name='a'] > JSXAttribute[name.name='href'] > JSXExpressionContainer",
    message: "Use <DataLink>, which opens only http and https.",
  },
];

export default defineConfig(
  { ignores: ["dist", "src/routeTree.gen.ts", "src/lib/api/schema.ts"] },
  { files: ["**/*.{ts,tsx,js}"], languageOptions: { globals: browser } },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommended, hooks.configs.flat.recommended],
    rules: {
      "no-console": "error",
      "no-eval": "error",
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-globals": ["error", { name: "fetch", message: "Only lib/api/client.ts and lib/live/stream.ts talk to the server." }],
      "no-restricted-syntax": ["error", ...MARKUP],
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  { files: ["src/locales/*.ts"], rules: { "max-lines": "off" } },
  { files: ["src/lib/api/client.ts", "src/lib/live/stream.ts"], rules: { "no-restricted-globals": "off" } },
);
