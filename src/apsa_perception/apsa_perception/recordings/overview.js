"use strict";
// Sorts and filters the rows of the table of recordings; without it all rows are readable.
const table = document.querySelector(".recordings");
const body = table.tBodies[0];
const rows = [...body.rows];
const search = document.querySelector("#search");
const shown = document.querySelector("#shown");

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    count += !row.hidden;
  }
  shown.textContent = `${count} of ${rows.length}`;
}

function key(row, column) {
  const cell = row.cells[column];
  const value = cell.dataset.value ?? cell.textContent;
  return value === "" ? null : Number.isNaN(Number(value)) ? value : Number(value);
}

function compare(first, second) {
  if (first === null || second === null) return (first === null) - (second === null);
  if (typeof first === "number" && typeof second === "number") return first - second;
  return String(first).localeCompare(String(second), undefined, { numeric: true });
}

function sort(head) {
  const descending = head.ariaSort === "ascending";
  for (const each of table.tHead.rows[0].cells) each.ariaSort = "none";
  head.ariaSort = descending ? "descending" : "ascending";
  const sign = descending ? -1 : 1;
  const keyed = rows.map((row, place) => [key(row, head.cellIndex), place, row]);
  // Rows without a value stay last in both directions.
  keyed.sort(([a, i], [b, j]) =>
    (a === null || b === null ? compare(a, b) : sign * compare(a, b)) || i - j);
  body.append(...keyed.map(([, , row]) => row));
}

search.addEventListener("input", filter);
for (const head of table.tHead.rows[0].cells) {
  head.querySelector("button")?.addEventListener("click", () => sort(head));
}
filter();
