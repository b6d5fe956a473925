import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext, CommandMaker } from '../src/cli/_shared/context.ts'
import { planSchema } from '../src/experiment/plan.ts'
import { load, names } from '../src/registry.ts'
import { trajectoryFormat } from '../src/trajectory.ts'

const said = '<!-- Produced by `npm run docs`; edit the code, not this page. -->\n'

/** Path to content of every produced page. */
export async function producedDocs(): Promise<Map<string, string>> {
  return new Map([
    ['docs/cli.md', await cliPage()],
    ['docs/trajectory-format.md', formatPage()],
    ['experiments/plan.schema.json', planSchemaPage()],
  ])
}

/** For editors: completion and checks while a plan is written. */
function planSchemaPage(): string {
  const schema = z.toJSONSchema(planSchema, { io: 'input' })
  return `${JSON.stringify({ ...schema, title: 'A plan of codesteer run' }, null, 2)}\n`
}

async function cliPage(): Promise<string> {
  const output = { write: () => undefined, isTTY: false, columns: 100 }
  const context: CliContext = {
    environment: {},
    signal: new AbortController().signal,
    stdin: process.stdin,
    out: output,
    err: output,
  }
  const pages: string[] = []
  for (const name of names('cli/commands')) {
    const command = (await load<CommandMaker>('cli/commands', name))(context)
    for (const one of [command, ...command.commands])
      pages.push(helpOf(one, one === command ? '' : `${command.name()} `))
  }
  return `${said}# The command line\n\nExit codes everywhere: 0 yes, 1 the answer is no, 2 your input, 3 a fault of ours or of the outside, 130 Ctrl-C. With \`--json\` standard output is one JSON value, or JSON Lines where it streams; everything else goes to standard error.\n\n${pages.join('\n')}`
}

function helpOf(command: Command, parent: string): string {
  command.configureHelp({ helpWidth: 100 })
  let text = ''
  command.configureOutput({
    writeOut: written => {
      text += written
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  const usage = text.replace(/^Usage: (\S+ )*?(?=\[|<|$)/, `Usage: codesteer ${parent}${command.name()} `)
  return `## codesteer ${parent}${command.name()}\n\n\`\`\`text\n${usage.trim()}\n\`\`\`\n`
}

function formatPage(): string {
  const source = readFileSync(fileURLToPath(new URL('../src/trajectory.ts', import.meta.url)), 'utf8')
  const types = source.slice(source.indexOf('export type StopReason'), source.indexOf('/** One round: guidance'))
  const others = ['src/coach.ts', 'src/sandbox.ts', 'src/checker.ts'].map(path =>
    readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8'),
  )
  const pick = (text: string, from: string, to: string) => text.slice(text.indexOf(from), text.indexOf(to)).trim()
  return `${said}# The trajectory format, version ${trajectoryFormat}

A trajectory is a list of events in the order in which they happened. A file holds one event a line (JSON Lines). Every
event is written, and on disk, before anything is done with it; after a crash the file is whole up to its last line
break. Answers, verdicts, scores and training rows are not in it: they are derived (\`fold\` in src/fold.ts) and can be
made again. A reader skips fields it does not know; \`format\` is raised when that would not be enough.

\`codesteer replay FILE\` runs the loop again from the record and expects the same events, byte for byte.

## Events

\`\`\`ts
${types.trim()}
\`\`\`

## What they hold

\`\`\`ts
${pick(others[0]!, "/** The coach's decision", 'export const isFinish')}

${pick(others[1]!, '/**\n * What happened to a program', '/** What a sandbox keeps out')}

${pick(others[2]!, '/**\n * What a checker tells', '/** A checker: the default')}
\`\`\`
`
}
