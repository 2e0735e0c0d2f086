// SPDX-License-Identifier: Apache-2.0
// Writes src/lib/api/schema.ts from the description that the API's resources give. `--check` only says whether the
// committed file is fresh.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const target = fileURLToPath(new URL("../src/lib/api/schema.ts", import.meta.url));

const document = execFileSync("lua5.4", ["api/gen.lua"], { cwd: root, maxBuffer: 64 << 20, encoding: "utf8" });
// Any JSON at all: TypeScript would not take the type that names itself.
const unknown = ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword);
const options = {
  alphabetize: true,
  defaultNonNullable: false, // what has a default need not be sent
  transform: (_, { path }) => (path === "#/components/schemas/Value" ? unknown : undefined),
};
const types = astToString(await openapiTS(JSON.parse(document), options));
const text = `// SPDX-License-Identifier: Apache-2.0\n// Generated from the API's description by \`npm run api\`.\n${types}`;

if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  console.error("src/lib/api/schema.ts is not what the API says today: run `npm run api` in web/");
  process.exit(1);
}
