import { basename } from 'node:path'
import { Command } from 'commander'
import { parseWhole } from '../../../util/units.ts'
import type { CliContext } from '../../_shared/context.ts'
import { runScript } from '../../_shared/train-script.ts'

interface NewModelFlags {
  readonly text: readonly string[]
  readonly out: string
  readonly hidden: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads?: number
  readonly context: number
  readonly vocabulary: number
  readonly seed: number
  readonly python?: string
  readonly json?: boolean
}

/** `codesteer train new-model`: something small to train where no large model fits. */
export function newModelCommand(context: CliContext): Command {
  const collect = (value: string, before: readonly string[] = []) => [...before, value]
  const whole = (name: string) => parseWhole(name, 1, 10_000_000)
  return new Command('new-model')
    .description(
      'Make a tokenizer from your own rows and a small Llama with random weights: a base that two cores can train.',
    )
    .requiredOption('--text <file>', 'JSONL rows to train the tokenizer on; may be repeated', collect)
    .requiredOption('-o, --out <folder>', 'folder of the model')
    .option('--hidden <n>', 'width', whole('--hidden'), 128)
    .option('--layers <n>', 'layers', whole('--layers'), 4)
    .option('--heads <n>', 'attention heads', whole('--heads'), 4)
    .option('--kv-heads <n>', 'key and value heads (default: as many as heads)', whole('--kv-heads'))
    .option('--context <tokens>', 'tokens it can read', whole('--context'), 2_048)
    .option('--vocabulary <n>', 'tokens of the vocabulary at most', whole('--vocabulary'), 4_096)
    .option('--seed <n>', 'seed of the weights', parseWhole('--seed', 0, 2 ** 32 - 1), 1)
    .option('--python <path>', 'the Python that has torch (default: CODESTEER_PYTHON, VIRTUAL_ENV, .venv, python3)')
    .option('--json', 'write one JSON value')
    .addHelpText(
      'after',
      '\nExamples:\n  codesteer train new-model --text export/trl/sft-train.jsonl --out small\n  codesteer train new-model --text export/trl/sft-train.jsonl --out small --hidden 256 --layers 6 --context 4096',
    )
    .action(async (flags: NewModelFlags) => {
      const { text, out, python, json, ...sizes } = flags
      const args = [
        ...text.flatMap(file => ['--text', file]),
        '--out',
        out,
        ...Object.entries(sizes).flatMap(([name, value]) => [
          `--${name.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`,
          String(value),
        ]),
      ]
      const printed = await runScript('new_model.py', args, ['torch', 'transformers', 'tokenizers'], python, context)
      if (json) return context.out.write(printed)
      const made = JSON.parse(printed) as {
        readonly parameters: number
        readonly vocabulary: number
        readonly context: number
      }
      context.out.write(
        `${out}: ${made.parameters.toLocaleString('en')} parameters, ${made.vocabulary.toLocaleString('en')} tokens of vocabulary, context ${made.context.toLocaleString('en')}\n`,
      )
      context.err.write(`codesteer train sft --data … --base ${out} --name ${basename(out)}-sft\n`)
    })
}
