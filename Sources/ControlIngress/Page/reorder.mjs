// Where a dragged layer is put down. Pure.

// `middles`: the vertical middles of all rows from the top down; `dragged`: the row in the hand; `y`: the pointer.
// The answer is the row's new place from the top, once it has left its old one.
export function dropIndex(middles, dragged, y) {
  let index = 0;
  middles.forEach((middle, row) => {
    if (row !== dragged && y > middle) index += 1;
  });
  return index;
}

// Rows count from the top, positions of the show from the bottom.
export function position(row, count) {
  return count - 1 - row;
}

// The place of a layer after a key: up and down by one, Home to the top and End to the bottom; null for other keys.
export function keyTarget(key, row, count) {
  const target = { ArrowUp: row - 1, ArrowDown: row + 1, Home: 0, End: count - 1 }[key];
  return target === undefined || target < 0 || target >= count || target === row ? null : target;
}
