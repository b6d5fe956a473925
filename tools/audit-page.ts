// Writes docs/audit.md from the published samples and verdicts: node tools/audit-page.ts [samples] [verdicts]
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TaskAudit } from '../src/audit/audit.ts'
import { auditAll } from '../src/audit/run.ts'
import { columns, findingsOf } from '../src/audit/text.ts'
import { openPublished } from '../src/import/read.ts'
import { expected } from './audit-expected.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const [samples = join(root, '../shared/symbench/samples'), verdicts = join(root, '../shared/symbench/verdicts')] =
  process.argv.slice(2)

if (!existsSync(samples) || !existsSync(verdicts)) {
  console.error('The published samples and verdicts are not here. Name them: node tools/audit-page.ts SAMPLES VERDICTS')
  process.exitCode = 2
} else {
  const { entries } = openPublished(samples)
  const audits = await auditAll(entries, { examples: 100_000, verdicts })
  writeFileSync(join(root, 'docs/audit.md'), page(audits))
  console.log(`wrote docs/audit.md: ${audits.length} tasks, ${entries.length} samples`)
}

function page(audits: readonly TaskAudit[]): string {
  const total = audits.reduce((sum, audit) => sum + audit.samples, 0)
  const counted = audits.reduce((sum, audit) => sum + (audit.verdicts?.rows ?? 0), 0)
  return `<!-- Produced by \`node tools/audit-page.ts\`; edit the code, not this page. -->
# An audit of the published SymBench samples

Made on ${new Date().toISOString().slice(0, 10)} by \`node tools/audit-page.ts SAMPLES VERDICTS\` from ${total.toLocaleString('en')} published samples of ${audits.length} tasks and
${counted.toLocaleString('en')} answers with the verdict of the published verifier. The same for a person at a terminal: \`codesteer task audit SAMPLES --verdicts VERDICTS\`.

Nothing here is looked up. Every puzzle is recovered from its sample, every stored key judged by our rules, right answers are counted
by exhaustive search, other readings of the wording are carried out, and published verdicts are compared with ours. The samples
are the complete published set (of the Game 24 files with other counts of numbers a part); the verdicts cover about half of the samples, so
that counts of rows say how often something was seen, not how often it occurs.

## What was found, task by task

${markdownTable(
  ['task', ...columns.map(([head]) => head)],
  audits.map(audit => [audit.task, ...columns.map(([, , value]) => value(audit))]),
)}
${columns.map(([head, about]) => `- **${head}**: ${about}`).join('\n')}

Rows that are judgement calls (forms that a sound reader may take or refuse) are left out of *refused* and *accepted*.

## Against the description of the set

Every defect that the description lists, with what it states over all samples. Where it states no number, ours stands alone.

${markdownTable(
  ['task', 'defect', 'found', 'stated', 'note'],
  expected.map(row => comparison(row, audits)),
)}
## Where to look

Up to two samples of every finding; \`codesteer task audit SAMPLES --task <slug> --examples 20\` shows more, with the reason of each.

${audits
  .map(examples)
  .filter(text => text !== '')
  .join('\n')}`
}

function comparison(row: (typeof expected)[number], audits: readonly TaskAudit[]): string[] {
  const audit = audits.find(one => one.task === row.task)
  const found = audit && row.found ? row.found(audit) : null
  const mark =
    found === null || row.says === null
      ? ''
      : found === row.says
        ? 'same'
        : `${found > row.says ? '+' : '−'}${Math.abs(found - row.says)}`
  const note = [mark, row.note ?? ''].filter(part => part !== '').join('; ')
  return [
    row.task,
    row.defect,
    found === null ? 'not measured' : String(found),
    row.says === null ? '–' : String(row.says),
    note,
  ]
}

/** Ids only: the page tells where to look, the samples stay where they are. */
function examples(audit: TaskAudit): string {
  const lines = findingsOf(audit).map(({ name, about, found }) => {
    const told = found.examples.slice(0, 2).map(({ sample }) => `\`${sample}\``)
    return `- ${name}: ${found.count}${about ? ` (${about})` : ''}, e.g. ${[...new Set(told)].join(', ')}`
  })
  return lines.length === 0 ? '' : `### ${audit.task}\n\n${lines.join('\n')}\n`
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return `${line(head)}${line(head.map((_, i) => (i === 0 ? '---' : '---:')))}${rows.map(line).join('')}`
}
