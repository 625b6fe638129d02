// What this browser remembers of its viewer's choices. A browser may forbid a page to store anything:
// then a choice holds until the page is closed.

export function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is not remembered.
  }
}
