import { type CostKind, costFrontier, costNames, levelCurves, type Theme } from './charts.ts'
import type { RunReport } from './run-report.ts'
import { type Section, sections } from './run-text.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const text = (value: string) => value.replace(/[&<>"']/g, char => escapes[char]!)

/**
 * The report as one file that needs nothing else: no script, no request (the page's own policy forbids both), charts as
 * inline SVG in a light and a dark drawing of which the reader's preference shows one.
 */
export function htmlReport(report: RunReport): string {
  const title = report.names.join(', ')
  const { counts } = report
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${text(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${text(title)}</h1>
<p>${counts.done} of ${counts.planned} trajectories done, ${counts.left} left, ${counts.unscored} unscored.</p>
${report.warnings.map(warning => `<p class="warning" role="note">${text(warning)}</p>`).join('\n')}
${charts(report)}
${sections(report).map(section).join('\n')}
</main>
</body>
</html>
`
}

function charts(report: RunReport): string {
  const kinds: readonly CostKind[] = ['tokens', 'costUsd', 'seconds']
  const figures = [
    figure('Accuracy over levels', theme => levelCurves(report, theme)),
    ...kinds.map(kind =>
      figure(`Right answers against ${costNames[kind]}: up and to the left is better`, theme =>
        costFrontier(report, kind, theme),
      ),
    ),
  ]
  return figures.join('\n')
}

function figure(caption: string, draw: (theme: Theme) => string | null): string {
  const [light, dark] = [draw('light'), draw('dark')]
  if (light === null || dark === null) return ''
  return `<figure><figcaption>${text(caption)}</figcaption><div class="light" role="img" aria-label="${text(caption)}">${light}</div><div class="dark" aria-hidden="true">${dark}</div></figure>`
}

function section({ title, about, columns, rows }: Section): string {
  const head = columns
    .map(column => `<th scope="col"${column.number ? ' class="number"' : ''}>${text(column.head)}</th>`)
    .join('')
  const body = rows
    .map(row => `<tr>${row.map((value, i) => cell(value, i, columns[i]?.number === true)).join('')}</tr>`)
    .join('\n')
  return `<section><h2>${text(title)}</h2><p>${text(about)}</p><div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div></section>`
}

/** A cell that begins with a per cent and its interval gets a shade by its value. */
function cell(value: string, column: number, isNumber: boolean): string {
  if (column === 0) return `<th scope="row">${text(value)}</th>`
  const share = /^(\d+(?:\.\d)?) \[/.exec(value)
  const shade = share ? ` style="--share:${share[1]}%"` : ''
  return `<td class="${[isNumber ? 'number' : '', share ? 'heat' : ''].join(' ').trim()}"${shade}>${text(value)}</td>`
}

const style = `
:root { color-scheme: light dark; --ink: #222; --paper: #fff; --line: #ddd; --heat: #0072b2; --note: #8a4b00 }
@media (prefers-color-scheme: dark) { :root { --ink: #ddd; --paper: #16181c; --line: #3a3d44; --heat: #56b4e9; --note: #ffb55a } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 72rem; margin: 0 auto; padding: 1rem }
.warning { border-left: 4px solid var(--note); padding: 0.25rem 0.75rem; color: var(--note); font-weight: 600 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.85rem }
th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.6rem; text-align: left; white-space: nowrap }
.number { text-align: right }
td.heat { background: color-mix(in srgb, var(--heat) calc(var(--share) * 0.45), transparent) }
figure { margin: 1rem 0 } figure svg { max-width: 100%; height: auto } figcaption { font-weight: 600 }
.dark { display: none }
@media (prefers-color-scheme: dark) { .light { display: none } .dark { display: block } }
`
