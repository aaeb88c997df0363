import { addAt, numberAt, setAt } from "../memory";

/**
 * coefficient[e, r] = constant[e, r] · (f(x⁺) − f(x⁻)), each entry's points two blocks of rows, one after the other.
 *
 * @param value        T[entries, 2, rows]
 * @param constant     T[entries, rows]
 * @param coefficient  T[entries, rows], written; may be `constant`
 */
export function weigh<T>(entries: i32, rows: i32, value: usize, constant: usize, coefficient: usize): void {
  weighOf(sizeof<T>(), entries, rows, value, constant, coefficient);
}

function weighOf(size: i32, entries: i32, rows: i32, value: usize, constant: usize, coefficient: usize): void {
  for (let e = 0; e < entries; ++e) {
    for (let r = 0; r < rows; ++r) {
      const at = 2 * e * rows + r;
      setAt(size, coefficient, e * rows + r, numberAt(size, constant, e * rows + r) * (numberAt(size, value, at) - numberAt(size, value, at + rows)));
    }
  }
}

/**
 * terms[r, j] += coefficient[j, r], one parameter's entries: Mohamed, Rosca, Figurnov & Mnih 2020, section 6.
 *
 * @param stride       rows from one entry to the next
 * @param coefficient  T[width, stride]
 * @param terms        T[rows, width], added to
 */
export function terms<T>(rows: i32, width: i32, stride: i32, coefficient: usize, terms: usize): void {
  termsOf(sizeof<T>(), rows, width, stride, coefficient, terms);
}

function termsOf(size: i32, rows: i32, width: i32, stride: i32, coefficient: usize, terms: usize): void {
  for (let r = 0; r < rows; ++r) {
    for (let j = 0; j < width; ++j) addAt(size, terms, r * width + j, numberAt(size, coefficient, j * stride + r));
  }
}
