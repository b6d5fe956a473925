import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError, messageOf, StoreError } from '../../../errors.ts'
import { load, names } from '../../../registry.ts'
import { sha256 } from '../../../util/hash.ts'
import type { Balance } from '../../select/balance.ts'
import type { Preference } from '../../select/pairs.ts'
import { examplesOf, type Lesson } from '../../select/sft.ts'
import { unifiedFirst } from '../../select/unified.ts'
import type { Tree, TreeNode } from '../../tree.ts'
import { dataCard } from './card.ts'
import { collect, type Entry, type Source } from './collect.ts'
import { describe } from './describe.ts'
import type { ExportFormat, FormatFacts, Kind, Split } from './format.ts'
import { type FileEntry, type Manifest, manifestFile } from './manifest.ts'
import { type Settled, settle } from './settle.ts'
import { openSink, openSpool, type RowSink, type Spool } from './sinks.ts'
import type { TokenCounter } from './tokens.ts'

export interface DatasetOptions {
  /** Names of files in `training/export/`. */
  readonly formats: readonly string[]
  readonly kinds: readonly Kind[]
  /** The folder to write; made where it is not there. */
  readonly out: string
  /** Replaces a set of ours that is there already. */
  readonly force: boolean
  readonly unified: boolean
  /** Tokens that the longest row may have. */
  readonly context: number
  readonly dropLong: boolean
  /** Share of the questions that is held out, 0 to 0.5. */
  readonly validation: number
  readonly seed: number
  readonly minGap: number
  readonly maxPerTree: number | null
  readonly balance: Balance | null
  /** The policy's name, for the record. */
  readonly scores: string
  readonly scoresOf: (tree: Tree) => (node: TreeNode) => number | null
}

export interface DatasetWorld {
  readonly counter: TokenCounter
  readonly signal: AbortSignal
  /** Told after each tree, and while rows are written. */
  readonly onProgress?: (step: 'trees' | 'rows', done: number, total: number | null, label: string) => void
}

const spoolFile = 'spool.jsonl'
const partFolder = '.part'
const cardFile = 'data-card.md'
const indexName = 'index.jsonl'

/**
 * Writes a set for trainers: reads the trees once and sets aside what is learned, settles what stays, writes every format
 * in one more pass. Rows go to a part folder whose files take their places at the end, `dataset.json` last, so a folder
 * with that file is whole. The same trees and options write the same bytes. Throws InputError when nothing may or can be
 * learned from the runs, and StoreError when the folder cannot be written.
 */
export async function exportDataset(
  sources: readonly Source[],
  options: DatasetOptions,
  world: DatasetWorld,
): Promise<Manifest> {
  const formats = await Promise.all(options.formats.map(name => load<ExportFormat>('training/export', name)))
  const part = join(options.out, partFolder)
  prepare(options)
  const spool = storing(options.out, () => openSpool(join(part, spoolFile)))
  try {
    let trees = 0
    const collected = await collect(sources, options, spool, world.counter, tree => {
      world.signal.throwIfAborted()
      trees++
      world.onProgress?.('trees', trees, null, tree.question.coordinates.task)
    })
    refuseNothing(options, trees, collected.sft.length, collected.left.sft)
    const settled = settle(collected, options)
    const { files, cannotSay } = await writeRows(formats, settled, spool, options, world)
    const facts = factsOf(settled, options)
    const besides = [...formats.flatMap(format => beside(format, facts, part)), indexFile(settled, part)]
    const all = [...files, ...besides].sort((a, b) => (a.path < b.path ? -1 : 1))
    const manifest = describe(collected, settled, options, {
      counter: world.counter,
      files: all,
      promptVersion: options.unified
        ? `${collected.promptVersion}+unified-${sha256(unifiedFirst).slice(0, 12)}`
        : collected.promptVersion,
      formats: Object.fromEntries(
        formats.map(format => [
          format.name,
          {
            about: format.about,
            cannotSay: cannotSay.get(format.name) ?? { sft: 0, dpo: 0 },
            settings: {
              sft:
                facts.has('sft', 'train') && format.file('sft', 'train') ? { ...format.settings('sft', facts) } : null,
              dpo:
                facts.has('dpo', 'train') && format.file('dpo', 'train') ? { ...format.settings('dpo', facts) } : null,
            },
          },
        ]),
      ),
    })
    spool.close()
    storing(options.out, () => putInPlace(options, manifest))
    return manifest
  } catch (error) {
    spool.close()
    rmSync(part, { recursive: true, force: true })
    removeIfEmpty(options.out)
    throw error
  }
}

/** Makes the folder. Throws InputError when something stands there that is not ours, or is and was not to be replaced. */
function prepare({ out, force, formats }: DatasetOptions): void {
  const there = existsSync(out) ? storing(out, () => readdirSync(out)).filter(name => name !== partFolder) : []
  if (there.length > 0) {
    if (!there.includes(manifestFile))
      throw new InputError(
        `${out} is not empty, and holds no data set of ours`,
        'Choose a folder of its own: --out DIR.',
      )
    if (!force)
      throw new InputError(`${out} already holds a data set`, 'Choose another --out, or replace it with --force.')
  }
  storing(out, () => {
    rmSync(join(out, partFolder), { recursive: true, force: true })
    for (const name of formats) mkdirSync(join(out, partFolder, name), { recursive: true })
  })
}

function removeIfEmpty(out: string): void {
  try {
    rmdirSync(out)
  } catch {
    // An older set is in it, or it was never made.
  }
}

function refuseNothing(
  { kinds: wanted }: DatasetOptions,
  trees: number,
  lessons: number,
  left: ReadonlyMap<string, number>,
): void {
  if (trees === 0)
    throw new InputError(
      'no question in these runs was answered under a coach to the end',
      'Make such a run: codesteer data synthesize, or codesteer run with the method codesteer.',
    )
  if (!wanted.includes('sft') || lessons > 0) return
  const [wrong, unreturned] = [left.get('notCorrect') ?? 0, left.get('notReturned') ?? 0]
  throw new InputError(
    `no trajectory in these runs ended right by the coach's own return: of ${wrong + unreturned}, ${wrong} were not right and ${unreturned} ended another way`,
    'Take a stronger model, easier levels or more trees for codesteer data synthesize; or export pairs alone with --only dpo.',
  )
}

const factsOf = ({ sft, dpo, validation }: Settled, { context }: DatasetOptions): FormatFacts => {
  const has = (kind: Kind, split: Split) =>
    (kind === 'sft' ? sft : dpo).some(({ identity }) => validation.has(identity) === (split === 'validation'))
  return { context, has }
}

interface Said {
  sft: number
  dpo: number
}

/** Writes the rows of all formats in one pass over the spool. */
async function writeRows(
  formats: readonly ExportFormat[],
  settled: Settled,
  spool: Spool,
  { out }: DatasetOptions,
  { signal, onProgress }: DatasetWorld,
): Promise<{ files: FileEntry[]; cannotSay: ReadonlyMap<string, Said> }> {
  const sinks = new Map<
    string,
    { readonly sink: RowSink; readonly entry: Pick<FileEntry, 'path' | 'format' | 'kind' | 'split'> }
  >()
  const cannotSay = new Map(formats.map(({ name }) => [name, { sft: 0, dpo: 0 }]))
  const sinkOf = async (format: ExportFormat, kind: Kind, split: Split) => {
    const file = format.file(kind, split)
    if (file === null) return null
    const path = `${format.name}/${file}`
    const known = sinks.get(path)
    if (known) return known.sink
    const sink = await openSink(join(out, partFolder, path))
    sinks.set(path, { sink, entry: { path, format: format.name, kind, split } })
    return sink
  }
  const entries = [...settled.sft, ...settled.dpo]
  try {
    for (const [done, entry] of entries.entries()) {
      if (done % 200 === 0) {
        await new Promise(resolve => setImmediate(resolve))
        signal.throwIfAborted()
        onProgress?.('rows', done, entries.length, entry.task)
      }
      const split = settled.validation.has(entry.identity) ? 'validation' : 'train'
      for (const { format, rows, unsaid } of rowsOf(entry, formats, spool)) {
        cannotSay.get(format.name)![entry.kind] += unsaid
        if (rows.length === 0) continue
        const sink = await sinkOf(format, entry.kind, split)
        for (const row of rows) sink?.write(row)
      }
    }
    const files: FileEntry[] = []
    for (const { sink, entry } of sinks.values()) files.push({ ...entry, ...(await sink.finish()) })
    return { files, cannotSay }
  } catch (error) {
    for (const { sink } of sinks.values()) sink.abandon()
    if (signal.aborted || error instanceof InputError) throw error
    throw cannotWrite(out, error)
  }
}

function* rowsOf(entry: Entry, formats: readonly ExportFormat[], spool: Spool) {
  if (entry.kind === 'dpo') {
    const pair = spool.read<Preference>(entry.place)
    for (const format of formats) {
      const rows = format.file('dpo', 'train') === null ? [] : format.dpo(pair)
      yield { format, rows, unsaid: rows.length === 0 ? 1 : 0 }
    }
    return
  }
  const examples = examplesOf(spool.read<Lesson>(entry.place))
  for (const format of formats) {
    const each = examples.map(example => format.sft(example))
    yield { format, rows: each.flat(), unsaid: each.filter(rows => rows.length === 0).length }
  }
}

function beside(format: ExportFormat, facts: FormatFacts, part: string): FileEntry[] {
  return Object.entries(format.beside?.(facts) ?? {}).map(([name, text]) =>
    textFile(part, `${format.name}/${name}`, text, format.name),
  )
}

function textFile(part: string, path: string, text: string, format: string | null): FileEntry {
  const file = join(part, path)
  storing(dirname(file), () => {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  })
  return { path, format, kind: null, split: null, rows: null, bytes: statSync(file).size, sha256: sha256(text) }
}

/** Where every row comes from: one line a trajectory or pair, in the order in which they stand in every format. */
function indexFile({ sft, dpo, validation }: Settled, part: string): FileEntry {
  const lines = [...sft, ...dpo].map(({ kind, id, run, tree, identity, task, level, turn, actions, tokens, pair }) =>
    JSON.stringify({
      kind,
      split: validation.has(identity) ? 'validation' : 'train',
      id,
      run,
      tree,
      task,
      level,
      [kind === 'sft' ? 'turns' : 'turn']: turn,
      actions,
      tokens,
      ...(pair ? { gap: pair.gap } : {}),
    }),
  )
  return textFile(part, indexName, lines.map(line => `${line}\n`).join(''), null)
}

/** An older set goes only now that the new one is whole. */
function putInPlace({ out }: DatasetOptions, manifest: Manifest): void {
  const part = join(out, partFolder)
  rmSync(join(part, spoolFile), { force: true })
  writeFileSync(join(part, cardFile), dataCard(manifest))
  for (const name of [manifestFile, cardFile, indexName, ...names('training/export')])
    rmSync(join(out, name), { recursive: true, force: true })
  for (const name of readdirSync(part)) renameSync(join(part, name), join(out, name))
  rmdirSync(part)
  writeFileSync(join(out, `${manifestFile}.part`), `${JSON.stringify(manifest, null, 2)}\n`)
  renameSync(join(out, `${manifestFile}.part`), join(out, manifestFile))
}

function storing<T>(out: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw cannotWrite(out, error)
  }
}

const cannotWrite = (out: string, error: unknown) =>
  error instanceof StoreError
    ? error
    : new StoreError(
        `cannot write the data set to ${out}: ${messageOf(error)}`,
        'Choose a folder that can be written and has room: --out DIR.',
        { cause: error },
      )
