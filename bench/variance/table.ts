import { table } from "../report.ts";
import type { Row } from "./measure.ts";
import type { Problem } from "./problem.ts";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Three digits, or as many: 0.0159, 12.5, 6.25 · 10⁻⁴. */
export function digits(x: number, count = 3): string {
  if (x === 0) return "0";
  const [mantissa, power] = x.toExponential(count - 1).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent >= -3 && exponent < 5) return Number(x.toPrecision(count)).toString();
  return `${mantissa} · 10${exponent < 0 ? "⁻" : ""}${String(Math.abs(exponent)).replaceAll(/\d/g, (digit) => RAISED[Number(digit)]!)}`;
}

/** The error of the coordinate that is worst off: in standard errors, or as it is where it is bias. */
function error({ biased, error, standardized }: Row): string {
  const worst = standardized.reduce((most, z, j) => (Math.abs(z) > Math.abs(standardized[most]!) ? j : most), 0);
  const signed = (x: number, text: string): string => (x < 0 ? `−${text}` : text);
  const z = Math.abs(standardized[worst]!);
  const own = Math.abs(error[worst]!);
  if (biased) return `bias ${signed(error[worst]!, digits(own, 2))} ± ${digits(own / z, 1)}`;
  return z < 0.05 ? "0" : signed(standardized[worst]!, z.toFixed(1));
}

/** The sums over the numbers of each name. */
function byName(params: Problem["params"], values: readonly number[]): number[] {
  let at = 0;
  return Object.values(params).map(({ length }) => values.slice(at, (at += length)).reduce((a, b) => a + b, 0));
}

/** The section of a problem, in Markdown. */
export function section({ title, remark, params }: Problem, rows: readonly Row[]): string {
  const names = Object.keys(params);
  const columns = names.flatMap((name) => (names.length === 1 ? ["variance × evaluations", "exactly"] : [name, "exactly"]));
  const body = rows.map((row) => {
    const exact = row.exact && byName(params, row.exact);
    const cells = byName(params, row.measured).flatMap((own, j) => [digits(own), exact ? digits(exact[j]!) : "–"]);
    return [`\`${row.call}\``, String(row.samples), String(row.evaluations), error(row), ...cells];
  });
  return `### ${title}\n\n${remark}\n\n${table(["", "samples", "evaluations", "error / s.e.", ...columns], body)}`;
}
