/** The one stylesheet of all pages. Plain CSS: custom properties carry the theme, no build step, no web font. */
export const STYLESHEET = `
:root {
  --ink: #1c2430; --muted: #56606e; --line: #dfe3e8; --paper: #ffffff; --ground: #f4f5f7;
  --danger: #a61b29; --danger-tint: #fdf1f2; --success: #17693f; --success-tint: #effaf3; --note: #6b4e00; --note-tint: #fff8e6;
  --radius: 14px; --focus: #ffbf47;
  font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-size: 100%; line-height: 1.5; color: var(--ink); background: var(--ground);
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; }
h1 { font-size: 1.625rem; line-height: 1.25; letter-spacing: -0.01em; margin: 0 0 0.5rem; }
h2 { font-size: 1.0625rem; line-height: 1.35; margin: 0; }
p { margin: 0 0 0.75rem; }
a { color: var(--brand); text-underline-offset: 0.15em; }
a:hover { color: var(--brand-dark); text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; box-shadow: 0 0 0 2px var(--ink); border-radius: 6px; }
.skip { position: absolute; left: -999rem; background: var(--paper); padding: 0.5rem 1rem; }
.skip:focus { left: 1rem; top: 0.5rem; z-index: 1; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.bar { background: var(--brand); color: #fff; }
.bar-inner { max-width: 60rem; margin: 0 auto; padding: 0.875rem 1.25rem; display: flex; align-items: center; justify-content: space-between; gap: 1rem; flex-wrap: wrap; }
.logo { display: flex; align-items: center; gap: 0.625rem; font-weight: 700; font-size: 1.125rem; letter-spacing: -0.01em; color: #fff; text-decoration: none; }
.logo:hover { color: #fff; }
.logo svg { width: 2rem; height: 2rem; flex: none; }
.logo .stop-brand { fill: #fff; } .logo .stop-accent { fill: var(--accent); }
.simulated { font-size: 0.8125rem; border: 1px solid rgb(255 255 255 / 55%); border-radius: 99px; padding: 0.125rem 0.75rem; white-space: nowrap; }

main { flex: 1; width: 100%; max-width: 36rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
main.wide { max-width: 60rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.75rem; box-shadow: 0 1px 2px rgb(16 24 40 / 5%), 0 8px 24px rgb(16 24 40 / 5%); }
.card + .card { margin-top: 1rem; }
.lead { color: var(--muted); margin-bottom: 1rem; }
.card > h2 + .lead, .card > h2 + .facts { margin-top: 0.5rem; }
.lead + pre { margin-top: -0.25rem; }
.steps { list-style: none; display: flex; gap: 0.5rem; margin: 0 0 1.25rem; padding: 0; }
.steps li { flex: 1; font-size: 0.8125rem; color: var(--muted); padding-top: 0.5rem; border-top: 4px solid var(--line); border-radius: 2px; }
.steps li.done { border-color: var(--brand); }
.steps li.now { border-color: var(--brand); color: var(--ink); font-weight: 600; }

.asker { margin-top: 1rem; display: flex; gap: 0.875rem; align-items: center; background: var(--brand-tint); border-radius: 10px; padding: 0.875rem 1rem; margin-bottom: 1.5rem; }
.asker-mark { flex: none; width: 2.75rem; height: 2.75rem; border-radius: 10px; background: var(--paper); color: var(--brand-dark); border: 1px solid var(--line); display: grid; place-items: center; font-weight: 700; font-size: 1.125rem; }
.asker-name { font-weight: 650; overflow-wrap: anywhere; }
.asker-detail { font-size: 0.875rem; color: var(--muted); overflow-wrap: anywhere; }

label, .label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
.hint { color: var(--muted); font-size: 0.9375rem; margin: 0 0 0.5rem; }
.field { margin-bottom: 1.25rem; }
.field.wrong { border-left: 4px solid var(--danger); padding-left: 0.875rem; }
.field-error { color: var(--danger); font-weight: 600; margin: 0 0 0.375rem; }
input[type=text], input[type=password] { width: 100%; font: inherit; padding: 0.6875rem 0.875rem; border: 1.5px solid #808895; border-radius: 10px; background: #fff; color: inherit; }
input:focus-visible { border-color: var(--ink); }
input.code { max-width: 13rem; font-size: 1.5rem; letter-spacing: 0.35em; font-variant-numeric: tabular-nums; padding-left: 1rem; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.5rem; }
button, .button { font: inherit; font-weight: 650; border-radius: 10px; padding: 0.75rem 1.375rem; border: 1.5px solid var(--brand); background: var(--brand); color: #fff; cursor: pointer; text-decoration: none; min-height: 44px; display: inline-flex; align-items: center; justify-content: center; }
button:hover, .button:hover { background: var(--brand-dark); border-color: var(--brand-dark); color: #fff; }
.buttons button { flex: 1 1 9rem; }
button.second { background: var(--paper); color: var(--brand-dark); }
button.second:hover { background: var(--brand-tint); color: var(--brand-dark); }
button.link { background: none; border: 0; color: var(--brand); padding: 0.5rem 0; font-weight: 600; text-decoration: underline; flex: none; }
button.link:hover { color: var(--brand-dark); background: none; }
.aside { margin-top: 1rem; text-align: center; }

.choices { border: 0; margin: 0 0 0.5rem; padding: 0; min-width: 0; }
.choices legend { font-weight: 600; padding: 0; margin-bottom: 0.5rem; }
.choice { display: flex; gap: 0.875rem; align-items: flex-start; border: 1.5px solid var(--line); border-radius: 12px; padding: 0.875rem 1rem; margin-bottom: 0.625rem; cursor: pointer; font-weight: 400; }
.choice:hover { border-color: var(--brand); }
.choice:has(input:checked) { border-color: var(--brand); background: var(--brand-tint); }
.choice input { width: 1.375rem; height: 1.375rem; margin: 0.125rem 0 0; accent-color: var(--brand); flex: none; }
.choice-text { flex: 1; min-width: 0; }
.choice-name { display: block; font-weight: 600; overflow-wrap: anywhere; }
.choice-detail { display: block; color: var(--muted); font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
.choice-amount { font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
.choice.not { cursor: default; background: var(--ground); border-style: dashed; }
.choice.not:hover { border-color: var(--line); }

.facts { margin: 0 0 1rem; }
.facts > div { display: flex; justify-content: space-between; gap: 1.5rem; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
.facts > div:last-child { border-bottom: 0; }
.facts dt { color: var(--muted); flex: none; }
.facts dd { margin: 0; text-align: right; font-weight: 600; overflow-wrap: anywhere; min-width: 0; }
.facts dd .quiet + span, .facts dd > span + span { display: block; margin-top: 0.5rem; }
.facts dd .quiet { display: block; font-weight: 400; color: var(--muted); font-variant-numeric: tabular-nums; }
.sum { text-align: center; padding: 0.25rem 0 1.25rem; border-bottom: 1px solid var(--line); margin-bottom: 0.25rem; }
.sum-amount { font-size: 2.5rem; font-weight: 700; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; line-height: 1.15; }
.sum-to { color: var(--muted); overflow-wrap: anywhere; }

.clusters { list-style: none; margin: 0.625rem 0 1.25rem; padding: 0; }
.clusters > li { border: 1px solid var(--line); border-radius: 12px; margin-bottom: 0.5rem; }
.clusters summary { padding: 0.75rem 1rem; font-weight: 600; cursor: pointer; border-radius: 12px; }
.clusters ul { margin: 0 0 0.875rem; padding: 0 1rem 0 2.25rem; color: var(--muted); }

.notice { border-radius: 12px; padding: 1rem 1.125rem; margin-bottom: 1.25rem; border: 1px solid transparent; }
.notice p:last-child, .notice ul:last-child { margin-bottom: 0; }
.notice h2 { margin-bottom: 0.25rem; }
.notice.danger { background: var(--danger-tint); border-color: #f2c9cd; color: #6d111b; }
.notice.danger a { color: #6d111b; }
.notice.note { background: var(--note-tint); border-color: #f2e0ae; color: #4d3800; }
.notice.success { background: var(--success-tint); border-color: #bfe6cf; color: #0f4a2c; }
.test-hint { font-size: 0.9375rem; }
.test-hint table { width: 100%; border-collapse: collapse; margin-top: 0.5rem; }
.test-hint th, .test-hint td { text-align: left; padding: 0.3125rem 0.5rem 0.3125rem 0; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
.test-hint code { font-size: 0.9375rem; }
.test-hint summary { cursor: pointer; font-weight: 600; }

footer { color: var(--muted); font-size: 0.875rem; text-align: center; padding: 1.25rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.875em; }
pre { background: #10202b; color: #e7eef2; border-radius: 12px; padding: 1rem 1.125rem; overflow-x: auto; margin: 0 0 1rem; line-height: 1.55; }
.copy { overflow-wrap: anywhere; }
.hero { padding: 1.5rem 0 1rem; }
.hero h1 { font-size: 2.25rem; letter-spacing: -0.02em; }
.hero p { font-size: 1.125rem; color: var(--muted); max-width: 42rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
.grid .card { margin: 0; min-width: 0; }
.table-scroll { overflow-x: auto; }
table.data { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
table.data th, table.data td { text-align: left; padding: 0.625rem 1rem 0.625rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
table.data thead th { color: var(--muted); font-size: 0.8125rem; font-weight: 600; white-space: nowrap; }
table.data td small { color: var(--muted); display: block; }
.section { margin-top: 1.5rem; }
.section > h2 { font-size: 1.25rem; margin-bottom: 0.75rem; }

@media (max-width: 30rem) {
  .card { padding: 1.25rem; }
  main { padding-top: 1.25rem; }
  .facts > div { flex-direction: column; gap: 0.125rem; }
  .facts dd { text-align: left; }
  .hero h1 { font-size: 1.75rem; }
}
@media (prefers-reduced-motion: no-preference) { button, .choice { transition: background-color 0.12s, border-color 0.12s; } }
`;
