import { SURFACES } from './theme.js';

function surfaces({
  ink,
  muted,
  paper,
  ground,
}: Readonly<Record<'ink' | 'muted' | 'paper' | 'ground', string>>): string {
  return `--ink: ${ink}; --muted: ${muted}; --paper: ${paper}; --ground: ${ground};`;
}

const TOKENS = `
:root {
  color-scheme: light dark;
  ${surfaces(SURFACES.light)}
  --line: #dfe3e8; --field: #79828f; --second: #414b59; --second-hover: #2b333e; --on-second: #ffffff;
  --danger: #a61b29; --danger-ink: #7a121d; --danger-tint: #fdf1f2; --danger-line: #f0bfc4;
  --note-ink: #4d3800; --note-tint: #fff8e6; --note-line: #f2e0ae;
  --good: #17693f; --sandbox: #0f4c5c; --shadow: 0 1px 2px rgb(16 24 40 / 5%), 0 10px 28px rgb(16 24 40 / 6%);
  --focus: #ffbf47; --focus-ring: #1c2430; --radius: 14px;
  font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-size: 100%; line-height: 1.5; color: var(--ink); background: var(--ground);
  scroll-padding: 1rem; -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  :root {
    ${surfaces(SURFACES.dark)}
    --line: #343d4a; --field: #8793a3; --second: #c9d1db; --second-hover: #e9edf2; --on-second: #11161c;
    --danger: #ff9aa5; --danger-ink: #ffc2c9; --danger-tint: #3a1d22; --danger-line: #6e333b;
    --note-ink: #f6dfa4; --note-tint: #352b12; --note-line: #65531f;
    --good: #7fd6a6; --sandbox: #8cc7d3; --shadow: none; --focus-ring: #11161c;
  }
}
`;

const BASE = `
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; }
h1 { font-size: 1.625rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0 0 0.5rem; overflow-wrap: anywhere; text-wrap: balance; }
h2 { font-size: 1.0625rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere; }
p { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; box-shadow: 0 0 0 2px var(--focus-ring); border-radius: 6px; }
.skip { position: absolute; left: -999rem; background: var(--paper); padding: 0.5rem 1rem; }
.skip:focus { left: 1rem; top: 0.5rem; z-index: 1; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.icon { width: 1.125em; height: 1.125em; fill: currentColor; flex: none; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.875em; }

.bar { background: var(--brand); color: #fff; }
.bar-inner { max-width: 64rem; margin: 0 auto; padding: 0.75rem 1.25rem; display: flex; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; flex-wrap: wrap; }
.logo { display: flex; align-items: center; gap: 0.625rem; font-weight: 700; font-size: 1.1875rem; letter-spacing: -0.01em; color: #fff; }
.logo svg { width: 2.25rem; height: 2.25rem; flex: none; }
.logo .stop-brand { fill: #fff; } .logo .stop-accent { fill: var(--accent); }
.simulated { font-size: 0.8125rem; border: 1px solid rgb(255 255 255 / 55%); border-radius: 99px; padding: 0.125rem 0.75rem; white-space: nowrap; }
main { flex: 1; width: 100%; max-width: 35rem; margin: 0 auto; padding: 1.75rem 1.25rem 2.5rem; }
main.wide { max-width: 64rem; }
footer { color: var(--muted); font-size: 0.875rem; text-align: center; padding: 1.25rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.75rem; box-shadow: var(--shadow); }
.card > h2 + .lead, .card > h2 + .facts { margin-top: 0.5rem; }
.card > .facts:only-child { margin: -0.6875rem 0; }
h1 + form, h1 + .facts { margin-top: 1.125rem; }
.lead { color: var(--muted); margin-bottom: 1rem; }
`;

const JOURNEY = `
.steps { list-style: none; display: flex; gap: 0.5rem; margin: 0 0 1.25rem; padding: 0; }
.steps li { flex: 1; font-size: 0.8125rem; color: var(--muted); padding-top: 0.5rem; border-top: 4px solid var(--line); }
.steps li.done { border-color: var(--fill); }
.steps li.done .step-name::before { content: "\\2713\\00a0"; color: var(--link); font-weight: 700; }
.steps li.now { border-color: var(--fill); color: var(--ink); font-weight: 650; }
.steps-now { display: none; }

.asker { display: flex; gap: 0.875rem; align-items: center; background: var(--brand-tint); border-bottom: 1px solid var(--line); border-radius: 13px 13px 0 0; margin: -1.75rem -1.75rem 1.5rem; padding: 1rem 1.75rem; }
.asker-mark { flex: none; width: 2.75rem; height: 2.75rem; border-radius: 10px; background: var(--paper); color: var(--brand-ink); border: 1px solid var(--line); display: grid; place-items: center; font-weight: 700; font-size: 1.0625rem; }
.asker-text { min-width: 0; overflow-wrap: anywhere; line-height: 1.4; text-wrap: balance; }
.asker-detail { display: flex; gap: 0.3125rem; align-items: flex-start; font-size: 0.875rem; color: var(--muted); margin-top: 0.125rem; }
.asker-detail .icon { color: var(--good); margin-top: 0.125rem; }

label, .label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
.hint { color: var(--muted); font-size: 0.9375rem; margin: 0 0 0.5rem; }
.field { margin-bottom: 1.25rem; }
input[type=text], input[type=password] { width: 100%; font: inherit; padding: 0.6875rem 0.875rem; border: 1.5px solid var(--field); border-radius: 10px; background: var(--paper); color: inherit; }
input[aria-invalid=true] { border: 2px solid var(--danger); }
input.number { font-variant-numeric: tabular-nums; letter-spacing: 0.04em; }
input[type=text].code { max-width: 13rem; font-size: 1.5rem; line-height: 1.3; letter-spacing: 0.35em; font-variant-numeric: tabular-nums; padding: 0.5rem 0.5rem 0.5rem 1rem; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.5rem; }
button, .button { font: inherit; font-weight: 650; border-radius: 10px; padding: 0.75rem 1.375rem; border: 1.5px solid var(--fill); background: var(--fill); color: var(--on-fill); cursor: pointer; text-decoration: none; min-height: 48px; display: inline-flex; align-items: center; justify-content: center; text-align: center; }
button:hover, .button:hover { background: var(--fill-hover); border-color: var(--fill-hover); color: var(--on-fill); }
.buttons button, .buttons .button { flex: 1 1 9rem; }
button.second { background: var(--second); border-color: var(--second); color: var(--on-second); }
button.second:hover { background: var(--second-hover); border-color: var(--second-hover); color: var(--on-second); }
button.link { background: none; border: 0; color: var(--link); padding: 0.25rem 0; min-height: 2rem; font-weight: 600; text-decoration: underline; text-underline-offset: 0.15em; overflow-wrap: anywhere; text-align: inherit; }
button.link:hover { background: none; color: var(--link); text-decoration-thickness: 2px; }
.resend { margin-top: 0.875rem; }
.way-out { margin-top: 1.25rem; padding-top: 1rem; border-top: 1px solid var(--line); text-align: center; }
.resend + .way-out { margin-top: 0.875rem; }

.choices { border: 0; margin: 0 0 0.5rem; padding: 0; min-width: 0; }
.choices legend { color: var(--muted); padding: 0; margin-bottom: 0.75rem; overflow-wrap: anywhere; }
.choice { display: flex; gap: 0.875rem; align-items: flex-start; border: 1.5px solid var(--line); border-radius: 12px; padding: 0.875rem 1rem; margin-bottom: 0.625rem; cursor: pointer; font-weight: 400; }
.choice:hover { border-color: var(--link); }
.choice:has(input:checked) { border-color: var(--link); background: var(--brand-tint); }
.choice:has(input:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; box-shadow: 0 0 0 2px var(--focus-ring); }
@supports selector(:has(*)) { .choice input:focus-visible { outline: none; box-shadow: none; } }
.choice input { width: 1.375rem; height: 1.375rem; margin: 0.125rem 0 0; accent-color: var(--fill); flex: none; }
.choice-text { flex: 1; min-width: 0; }
.choice-name { display: block; font-weight: 600; overflow-wrap: anywhere; }
.choice-detail { display: block; color: var(--muted); font-weight: 400; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.choice-amount { font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right; }
.not-offered { margin-top: 1.25rem; }
.not-offered h2 { font-size: 0.9375rem; font-weight: 400; color: var(--muted); }
.not-offered ul { list-style: none; margin: 0.375rem 0 0; padding: 0; border-top: 1px solid var(--line); }
.not-offered li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: 0.5rem 0; border-bottom: 1px solid var(--line); color: var(--muted); font-size: 0.9375rem; overflow-wrap: anywhere; }

.facts { margin: 0 0 1rem; }
.facts > div { display: flex; justify-content: space-between; gap: 0.25rem 1.5rem; padding: 0.6875rem 0; border-bottom: 1px solid var(--line); }
.facts > div:last-child { border-bottom: 0; }
.facts dt { color: var(--muted); flex: none; max-width: 40%; }
.facts dd { margin: 0; text-align: right; font-weight: 600; overflow-wrap: anywhere; min-width: 0; font-variant-numeric: tabular-nums; }
.facts .quiet { display: block; font-weight: 400; color: var(--muted); }
.facts .account-line { display: block; }
.facts .account-line + .account-line { margin-top: 0.5rem; }
.facts.small { font-size: 0.9375rem; margin-bottom: 0; border-top: 1px solid var(--line); }
.sum { text-align: center; padding: 0.5rem 0 1.25rem; border-bottom: 1px solid var(--line); }
.sum-amount { font-size: 2.75rem; font-weight: 700; letter-spacing: -0.025em; font-variant-numeric: tabular-nums; line-height: 1.15; overflow-wrap: anywhere; }
.sum-to { font-size: 1.125rem; color: var(--muted); overflow-wrap: anywhere; }
.sum-to strong { color: var(--ink); font-weight: 650; }

.clusters { list-style: none; margin: 0.625rem 0 1rem; padding: 0; border: 1px solid var(--line); border-radius: 12px; }
.clusters > li + li { border-top: 1px solid var(--line); }
.clusters summary { padding: 0.6875rem 1rem; font-weight: 600; border-radius: 11px; }
.clusters ul { margin: 0 0 0.75rem; padding: 0 1rem 0 2.25rem; color: var(--muted); font-size: 0.9375rem; list-style: disc; }
summary { cursor: pointer; display: flex; align-items: center; justify-content: space-between; gap: 1rem; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::after { content: ""; flex: none; width: 0.5rem; height: 0.5rem; border: solid var(--muted); border-width: 0 2px 2px 0; transform: translateY(-25%) rotate(45deg); }
details[open] > summary::after { transform: translateY(25%) rotate(225deg); }

.notice { border-radius: 12px; padding: 0.875rem 1.125rem; margin-bottom: 1.25rem; border: 1px solid transparent; }
.notice p:last-child, .notice ul:last-child { margin-bottom: 0; }
.notice h2 { margin-bottom: 0.125rem; }
.notice.danger { background: var(--danger-tint); border-color: var(--danger-line); border-left: 5px solid var(--danger); border-radius: 6px; color: var(--danger-ink); }
.notice.danger a { color: inherit; }
.notice.note { background: var(--note-tint); border-color: var(--note-line); color: var(--note-ink); }
.oops { display: flex; align-items: center; gap: 0.5rem; color: var(--danger); font-weight: 600; font-size: 0.9375rem; margin-bottom: 0.5rem; }

.sandbox-panel { position: relative; margin-top: 2rem; border: 1.5px dashed var(--field); border-radius: var(--radius); padding: 1.25rem 1.25rem 1rem; font-size: 0.9375rem; }
.sandbox-tag { position: absolute; top: -0.75rem; left: 1rem; background: var(--ground); color: var(--sandbox); padding: 0 0.5rem; font-size: 0.8125rem; font-weight: 650; letter-spacing: 0.02em; }
.sandbox-panel summary { font-weight: 600; border-radius: 6px; }
.phone { display: flex; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; flex-wrap: wrap; margin: 0; }
.phone > span { flex: 1 1 12rem; }
.phone code { font-size: 1.375rem; font-weight: 600; letter-spacing: 0.15em; }
.logins { list-style: none; margin: 0.75rem 0 0; padding: 0; }
.logins li { display: grid; grid-template-columns: 1fr 5.5rem 10.5rem; gap: 0 0.75rem; align-items: baseline; padding: 0.4375rem 0; border-top: 1px solid var(--line); }
.logins small { display: block; color: var(--muted); }
`;

const HOME = `
pre { background: #10202b; color: #e7eef2; border-radius: 12px; padding: 0.875rem 1.125rem; overflow-x: auto; margin: 0 0 1rem; line-height: 1.55; }
.card > pre:last-child { margin-bottom: 0; }
.copy { overflow-wrap: anywhere; }
.hero { padding: 1.25rem 0 1.5rem; }
.hero h1 { font-size: 2.25rem; letter-spacing: -0.02em; }
.hero p { font-size: 1.125rem; color: var(--muted); max-width: 44rem; margin: 0; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem; }
.grid .card { margin: 0; min-width: 0; }
.section { margin-top: 2.5rem; }
.section-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.75rem; margin-bottom: 0.875rem; }
.section-head h2 { font-size: 1.5rem; letter-spacing: -0.01em; }
.section-head p { margin: 0; color: var(--muted); }
.section h3 { font-size: 1.0625rem; line-height: 1.35; margin: 1.75rem 0 0.75rem; }
.household h4 { font-size: 1.0625rem; line-height: 1.35; margin: 0 0 0.25rem; }
.household { display: flex; flex-direction: column; }
.household .lead { font-size: 0.9375rem; }
.household table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
.household table + table { margin-top: 1rem; }
.household th, .household td { text-align: left; padding: 0.375rem 0.75rem 0.375rem 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
.household thead th { color: var(--muted); font-size: 0.8125rem; }
.household th:last-child, .household td:last-child { padding-right: 0; text-align: right; }
.household tbody tr:last-child > * { border-bottom: 0; padding-bottom: 0; }
.household td:last-child { white-space: nowrap; }
.household td:last-child:has(code) { white-space: normal; }
.household td small { display: block; color: var(--muted); }
.links { list-style: none; margin: 0; padding: 0; }
.links li { padding: 0.6875rem 0; border-bottom: 1px solid var(--line); }
.links li:last-child { border-bottom: 0; }
.links a { display: inline-block; padding: 0.125rem 0; }
.links small { display: block; margin-top: 0.25rem; }
`;

const NARROW = `
@media (max-width: 34rem) {
  main { padding: 1.25rem 1rem 2rem; }
  .bar-inner { padding: 0.625rem 1rem; }
  .card { padding: 1.25rem; }
  .asker { margin: -1.25rem -1.25rem 1.25rem; padding: 0.875rem 1.25rem; }
  h1 { font-size: 1.5rem; }
  .step-name { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .steps { margin-bottom: 0.5rem; }
  .steps li { padding-top: 0; }
  .steps-now { display: block; font-size: 0.875rem; font-weight: 600; margin-bottom: 0.875rem; }
  .choice { flex-wrap: wrap; }
  .choice-text { flex-basis: 60%; }
  .choice-amount { flex-basis: 100%; padding-left: 2.25rem; margin-top: -0.625rem; text-align: left; }
  .choice-amount .choice-detail { display: inline; }
  .facts { font-size: 0.9375rem; }
  .facts.addresses > div { flex-direction: column; }
  .facts.addresses dt { max-width: none; }
  .facts.addresses dd { text-align: left; }
  .household td:last-child { white-space: normal; }
  .logins li { grid-template-columns: 5.5rem 1fr; }
  .login-who { grid-column: 1 / -1; }
  .hero h1 { font-size: 1.75rem; }
}
@media (prefers-reduced-motion: no-preference) { button, .choice { transition: background-color 0.12s, border-color 0.12s; } }
`;

/** The one stylesheet of all pages. Plain CSS: custom properties carry the theme, no build step, no web font. */
export const STYLESHEET = `${TOKENS}${BASE}${JOURNEY}${HOME}${NARROW}`;
