/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TH_SAFE_SORT_H
#define TH_SAFE_SORT_H

#include <lua.h>

/* Sorts items 1 to n of the table at index 1 by the function at index 2, or by < when that is nil. In place,
 * not stable, at most some 2 n log n comparisons whatever the order function answers. */
void th_sort(lua_State *L, lua_Integer n);

#endif
