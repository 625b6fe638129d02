// Values as the terminal and reports show them: whole degrees, two decimals for other units.

const UNITS = { deg: "°", 1: "", m: " m", s: " s" };

// What follows a number: "°", " m", or nothing for a ratio.
export const unitOf = (unit) => UNITS[unit] ?? ` ${unit ?? ""}`;

// The unit as unitOf returns it.
export function number(value, unit) {
  const text = value.toFixed(unit === UNITS.deg ? 0 : 2);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

export const amount = (value, unit) => `${number(value, unitOf(unit))}${unitOf(unit)}`;
