import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { CodeSteerError, InputError } from '../../../errors.ts'
import { parseWhole } from '../../../util/units.ts'
import type { CliContext } from '../../_shared/context.ts'
import { refusalIn } from '../../_shared/train-command.ts'
import { startScript } from '../../_shared/train-script.ts'

interface ServeFlags {
  readonly name?: string
  readonly host: string
  readonly port: number
  readonly threads?: number
  readonly python?: string
  readonly json?: boolean
}

/** `codesteer train serve`: a trained coach behind an address. */
export function serveCommand(context: CliContext): Command {
  return new Command('serve')
    .description('Serve a small trained model over the OpenAI chat protocol, for --coach tuned:…')
    .argument('<folder>', 'folder of the model, or of its training')
    .option('--name <name>', 'the model’s name in requests (default: name of the training)')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('-p, --port <n>', 'port; 0 takes a free one', parseWhole('--port', 0, 65_535), 8_001)
    .option('--threads <n>', 'threads of the CPU', parseWhole('--threads', 1, 1_024))
    .option('--python <path>', 'the Python that has torch (default: CODESTEER_PYTHON, VIRTUAL_ENV, .venv, python3)')
    .option('--json', 'write one JSON value when it listens')
    .addHelpText(
      'after',
      `
It works on one request at a time: for models of billions of parameters take vLLM or llama.cpp (docs/training.md). Ctrl-C ends it.

Examples:
  codesteer train serve .codesteer/trainings/export-dpo/model
  codesteer train serve .codesteer/trainings/export-dpo --name my-coach --port 0
  codesteer ask --coach tuned:openai-compatible/my-coach --base-url http://127.0.0.1:8001/v1 "…"`,
    )
    .action((folder: string, flags: ServeFlags) => serve(folder, flags, context))
}

async function serve(folder: string, flags: ServeFlags, context: CliContext): Promise<void> {
  const { out, err, signal } = context
  const model = modelIn(folder)
  const name = flags.name ?? nameOf(model)
  const args = [
    ...['--model', model, '--name', name, '--host', flags.host, '--port', String(flags.port)],
    ...(flags.threads ? ['--threads', String(flags.threads)] : []),
    '--end-with-parent',
  ]
  const child = await startScript('serve.py', args, ['torch', 'transformers'], flags.python, context)
  const said: string[] = []
  createInterface({ input: child.stderr! }).on('line', line => said.push(line))
  createInterface({ input: child.stdout! }).on('line', line => {
    const { url, context: tokens } = JSON.parse(line) as { readonly url: string; readonly context: number }
    if (flags.json) return out.write(`${JSON.stringify({ url, model: name, context: tokens })}\n`)
    err.write(`${name} at ${url}, context ${tokens.toLocaleString('en')} tokens; Ctrl-C ends it\n`)
    out.write(`codesteer ask --coach tuned:openai-compatible/${name} --base-url ${url} "…"\n`)
  })
  const end = () => void child.kill('SIGTERM')
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (signal.aborted || code === 0) return
  throw (
    refusalIn(said) ??
    new CodeSteerError('provider', `the server ended with ${code}:\n${said.slice(-8).join('\n')}`, 'Start it again.')
  )
}

/** The folder with the weights: the one given, or `model` in it. */
function modelIn(folder: string): string {
  for (const candidate of [folder, join(folder, 'model')])
    if (existsSync(join(candidate, 'config.json')) && existsSync(join(candidate, 'tokenizer_config.json')))
      return resolve(candidate)
  const adapter = existsSync(join(folder, 'adapter_config.json'))
  throw new InputError(
    adapter ? `${folder} holds an adapter only` : `${folder} holds no model`,
    adapter
      ? 'Merge it into its base first: llamafactory-cli export, or axolotl merge-lora. (TRL trainings are merged already.)'
      : 'Give the folder of a finished training, or its folder model.',
  )
}

/** A training's model is named after the training. */
const nameOf = (model: string) => (basename(model) === 'model' ? basename(dirname(model)) : basename(model))
