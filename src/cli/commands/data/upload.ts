import { Command } from 'commander'
import { InputError } from '../../../errors.ts'
import { addressOf } from '../../../models/_shared/keys.ts'
import { patientFetch } from '../../../models/_shared/patient-fetch.ts'
import { type Kind, kinds } from '../../../training/export/_shared/format.ts'
import { readManifest } from '../../../training/export/_shared/manifest.ts'
import { fineTuningService } from '../../../training/upload/service.ts'
import { type UploadEvent, upload } from '../../../training/upload/upload.ts'
import { systemClock } from '../../../util/clock.ts'
import { parseDuration, parseWhole } from '../../../util/units.ts'
import { type CliContext, Exit } from '../../_shared/context.ts'
import { harmless } from '../../_shared/show-trajectory.ts'

interface Flags {
  readonly format: string
  readonly kind: Kind
  readonly model: string
  readonly baseUrl?: string
  readonly suffix?: string
  readonly epochs?: number
  readonly wait: boolean
  readonly again?: boolean
  readonly poll: number
  readonly json?: boolean
}

const openaiAddress = 'https://api.openai.com/v1'

export function uploadCommand(context: CliContext): Command {
  return new Command('upload')
    .description('Hand an exported set to an OpenAI-compatible fine-tuning service, and watch the job.')
    .argument('<dir>', 'a folder that `data export --format openai` wrote')
    .requiredOption('--model <name>', 'the base model, as the service calls it; for dpo the one that came of sft')
    .option('--format <name>', 'openai is the only one', 'openai')
    .option('--kind <kind>', 'sft or dpo', parseKind, 'sft')
    .option('--base-url <url>', `the service (default: OPENAI_BASE_URL, else ${openaiAddress})`)
    .option('--suffix <words>', 'put into the name of the new model')
    .option('--epochs <n>', 'default: the service’s choice', parseWhole('--epochs', 1, 100))
    .option('--no-wait', 'start the job and leave it')
    .option('--again', 'start another job although the last one for these data is over')
    .option('--poll <duration>', 'how often to look at first', parseDuration, 5_000)
    .option('--json', 'write events as JSON Lines')
    .addHelpText(
      'after',
      `
The key comes from the environment: OPENAI_API_KEY for OpenAI's own address, CODESTEER_API_KEY for any other. Files and job
are kept in uploads.json beside the data: the same command goes on where it stood, and starts nothing twice.
Exit code: 0 when the job succeeded, 1 when it failed, 2 for your input, 3 when the service cannot be reached, 130 Ctrl-C
(the job goes on).

Examples:
  OPENAI_API_KEY=… codesteer data upload coach-data --model gpt-4.1-mini-2025-04-14 --suffix coach
  OPENAI_API_KEY=… codesteer data upload coach-data --kind dpo --model ft:gpt-4.1-mini-2025-04-14:me:coach:abc
  CODESTEER_API_KEY=… codesteer data upload coach-data --base-url https://host.example/v1 --model llama-3.1-8b`,
    )
    .action(async (folder: string, flags: Flags) => run(folder, flags, context))
}

async function run(folder: string, flags: Flags, { environment, out, err, signal }: CliContext): Promise<void> {
  if (flags.format !== 'openai')
    throw new InputError(
      `no service takes the format "${flags.format}"`,
      'Leave --format out, or write --format openai.',
    )
  const baseUrl = addressOf(flags.baseUrl, environment, 'OPENAI_BASE_URL', openaiAddress)
  const keyVariable = new URL(baseUrl).host === new URL(openaiAddress).host ? 'OPENAI_API_KEY' : 'CODESTEER_API_KEY'
  const key = environment[keyVariable]?.trim() || undefined
  if (key === undefined && keyVariable === 'OPENAI_API_KEY')
    throw new InputError('OpenAI needs a key and OPENAI_API_KEY is not set', 'Set it: export OPENAI_API_KEY=…')
  if (readManifest(folder).simulated)
    err.write(
      'simulated: these data teach the simulated apprentice’s ways; a model trained on them has learned no more\n',
    )
  const service = fineTuningService({
    baseUrl,
    key,
    keyVariable,
    fetch: patientFetch(),
    clock: systemClock,
    random: Math.random,
    signal,
  })
  const { kind, model, suffix, epochs, wait, again = false, poll: pollMs } = flags
  const options = {
    folder,
    baseUrl,
    kind,
    model,
    wait,
    again,
    pollMs,
    ...(suffix ? { suffix } : {}),
    ...(epochs ? { epochs } : {}),
  }
  let last: UploadEvent | undefined
  try {
    for await (const event of upload(options, service, systemClock, signal)) {
      last = event
      out.write(flags.json ? `${JSON.stringify(event)}\n` : `${lineOf(event)}\n`)
    }
  } catch (error) {
    if (signal.aborted && last !== undefined && last.type !== 'file')
      err.write('the job goes on at the service; the same command watches it again\n')
    throw error
  }
  if (last?.type === 'end') {
    if (last.status !== 'succeeded') throw new Exit(1)
    const provider = keyVariable === 'OPENAI_API_KEY' ? 'openai' : 'openai-compatible'
    if (last.model) err.write(`use it: codesteer ask --coach tuned:${provider}/${last.model} …\n`)
  } else if (!wait) err.write('watch it: the same command without --no-wait\n')
}

function lineOf(event: UploadEvent): string {
  if (event.type === 'file') return `${event.split} file ${event.id}${event.again ? ' (was there already)' : ' sent'}`
  if (event.type === 'job') return `job ${event.id}${event.again ? ' (was started before)' : ' started'}`
  if (event.type === 'status') return `${event.status} …`
  if (event.type === 'message') {
    const time = new Date(event.atMs).toISOString().slice(11, 19)
    return `${time} ${event.level === 'info' ? '' : `${event.level}: `}${harmless(event.text)}`
  }
  const tokens = event.trainedTokens === null ? '' : `, ${event.trainedTokens.toLocaleString('en')} tokens trained on`
  return event.status === 'succeeded'
    ? `succeeded: ${event.model}${tokens}`
    : `${event.status}${event.error ? `: ${harmless(event.error)}` : ''}`
}

function parseKind(text: string): Kind {
  const kind = kinds.find(one => one === text)
  if (!kind) throw new InputError(`--kind must be ${kinds.join(' or ')}, not "${text}"`, 'For example --kind sft.')
  return kind
}
