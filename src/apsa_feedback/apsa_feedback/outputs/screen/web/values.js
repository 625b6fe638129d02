// Values as the reports show them: whole degrees, two decimals for other units, and the decimal mark
// of the language.

const UNITS = { deg: "°", 1: "", m: " m", s: " s" };
const SEVERE = 3; // ExerciseError.SEVERE of apsa_msgs
const QUANTITIES = {
  peak: "report_peak",
  range: "report_range",
  side_difference: "report_symmetry",
  duration: "report_duration",
};

let mark = ".";
let example = "7%";

// From now on numbers are written as in the language of these words.
export function writeAs({ decimal_mark, percent_example }) {
  mark = decimal_mark ?? ".";
  example = percent_example ?? "7%";
}

// A whole number of percent, such as "30%" or "30 %".
export function percent(value) {
  return example.replace("7", value);
}

// What follows a number: "°", " m", or nothing for a ratio.
export const unitOf = (unit) => UNITS[unit] ?? ` ${unit ?? ""}`;

// How many decimals a value in this unit has.
export const decimals = (unit) => (unit === "deg" ? 0 : 2);

export function number(value, unit) {
  const text = value.toFixed(decimals(unit));
  return (Number(text) === 0 ? text.replace("-", "") : text).replace(".", mark);
}

export const amount = (value, unit) => `${number(value, unit)}${unitOf(unit)}`;

// What precedes the value of a limit: "± " if it is one of both signs.
export const signOf = ({ low, high }) => (low.length && high.length ? "± " : "");

// Where an error begins, such as "error above 45°", or "error above ± 15°".
export const errorFrom = (value, unit, above, words, sign = "") =>
  `${above ? words.error_above : words.error_below} ${sign}${amount(value, unit)}`;

// What is measured of a whole repetition, such as "Range".
export const quantityWord = (quantity, words) =>
  words[QUANTITIES[quantity] ?? `therapist_${quantity}`];

export const isSevere = (severity) => severity >= SEVERE;
