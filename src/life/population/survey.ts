import type { Fields } from '../fixture-fields.js';

/** What households of a country spend, as a public survey found it, and how a bank's lines are told apart likewise. */
export interface Survey {
  /** Who found it, and of which year. */
  readonly source: string;
  readonly unit: string;
  /** Spending by division, in the survey's unit. */
  readonly divisions: ReadonlyMap<string, number>;
  /** Divisions that hold much that goes past a bank account (what owners would pay as rent): left out of comparisons. */
  readonly unseen: readonly string[];
  /** Division of a merchant, by its category code (ISO 18245). */
  readonly byCode: ReadonlyMap<string, string>;
}

export function readSurvey(fields: Fields): Survey {
  const divisions = fields.object('divisions');
  const codes = fields.object('codes');
  const survey = {
    source: fields.text('source'),
    unit: fields.text('unit'),
    divisions: new Map(divisions.keys().map((name) => [name, divisions.decimal(name, 0, 1_000_000)] as const)),
    unseen: fields.list('unseen').map(String),
    byCode: new Map(
      codes.keys().flatMap((division) => codes.texts(division, /^\d{4}$/).map((code) => [code, division] as const)),
    ),
  };
  const unknown = [...survey.byCode.values(), ...survey.unseen].find((division) => !survey.divisions.has(division));
  if (unknown !== undefined) fields.fail('codes', `divisions of the survey, which ${unknown} is not`);
  return survey;
}

/** Shares of what can be compared; they sum to one. */
export function surveyShares({ divisions, unseen }: Survey): ReadonlyMap<string, number> {
  const seen = [...divisions].filter(([name]) => !unseen.includes(name));
  const sum = seen.reduce((total, [, amount]) => total + amount, 0);
  return new Map(seen.map(([name, amount]) => [name, amount / sum]));
}
