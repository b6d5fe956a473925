import { readFile, stat } from 'node:fs/promises'
import { InputError } from '../../errors.ts'
import type { CliContext } from './context.ts'

/** A question longer than this is refused: no model could take it, and it is more likely the wrong file. */
export const questionLimitBytes = 512 * 1024

/** The question from arguments, a file, or standard input (`-`, or a pipe when nothing else is given). Throws InputError with the mend. */
export async function readQuestion(
  words: readonly string[],
  file: string | undefined,
  context: CliContext,
): Promise<string> {
  const given = words.join(' ')
  if (file !== undefined && given !== '') throw new InputError('a question and a file were given', 'Give one of them.')
  const useStdin = file === '-' || given === '-' || (file === undefined && given === '' && !context.stdin.isTTY)
  if (useStdin) return checked(await readStdin(context), 'standard input')
  if (file !== undefined) return checked(await readQuestionFile(file), file)
  if (given === '')
    throw new InputError('no question', 'Ask for example: codesteer ask "9.11 or 9.9, which is larger?"')
  return checked(Buffer.from(given), 'the arguments')
}

async function readQuestionFile(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path)
    if (size > questionLimitBytes) throw tooLong(path)
    return await readFile(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(
      `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`,
      'Check the path, or use - for standard input.',
      { cause: error },
    )
  }
}

async function readStdin({ stdin, signal }: CliContext): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  const stop = () => stdin.destroy()
  signal.addEventListener('abort', stop, { once: true })
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > questionLimitBytes) throw tooLong('standard input')
  }
  signal.throwIfAborted()
  return Buffer.concat(chunks)
}

const tooLong = (from: string) =>
  new InputError(
    `the question from ${from} is longer than ${questionLimitBytes / 1024} KiB`,
    'Shorten it: models read far less than that.',
  )

function checked(bytes: Buffer, from: string): string {
  if (bytes.length > questionLimitBytes) throw tooLong(from)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new InputError(`${from} is not UTF-8 text`, 'Give the question as plain UTF-8 text.', { cause: error })
  }
  if (text.includes('\0'))
    throw new InputError(`${from} is binary data, not text`, 'Give the question as plain UTF-8 text.')
  if (text.trim() === '')
    throw new InputError(
      `the question from ${from} is empty`,
      'Ask for example: codesteer ask "9.11 or 9.9, which is larger?"',
    )
  return text.trim()
}
