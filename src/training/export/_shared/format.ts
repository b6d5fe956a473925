import type { ChatMessage } from '../../select/messages.ts'
import type { PreferencePair, SftExample } from '../../tree.ts'

export type Kind = 'sft' | 'dpo'
export type Split = 'train' | 'validation'
export const kinds: readonly Kind[] = ['sft', 'dpo']
export const splits: readonly Split[] = ['train', 'validation']

/** A row as it is written: plain JSON. */
export type Row = Readonly<Record<string, unknown>>

/** What a format may need to know of the whole set. */
export interface FormatFacts {
  /** Tokens that the longest row may have. */
  readonly context: number
  /** The files that will hold at least one row. */
  readonly has: (kind: Kind, split: Split) => boolean
}

/** A trainer's format: the default export of a file in `training/export/`. Every function is pure. */
export interface ExportFormat {
  readonly name: string
  /** Which trainer reads it, in a line. */
  readonly about: string
  /** A file's name below the format's folder; null where the trainer has no such kind. Its ending says how rows are kept. */
  file(kind: Kind, split: Split): string | null
  /** The rows of one example; none where the format cannot say which turns are learned. */
  sft(example: SftExample): readonly Row[]
  /** The rows of one pair. */
  dpo(pair: PreferencePair): readonly Row[]
  /**
   * How the trainer must be set, in its own words, for the loss to fall on the learned turns alone and for nothing to be
   * cut: its defaults do otherwise.
   */
  settings(kind: Kind, facts: FormatFacts): Row
  /** Small files beside the rows: name to text. */
  beside?(facts: FormatFacts): Readonly<Record<string, string>>
}

/** One row for each learned turn: what came before it, and the turn. Any trainer can put loss on the last turn alone. */
export function turnsOf(example: SftExample): { readonly prompt: ChatMessage[]; readonly completion: ChatMessage }[] {
  const messages = example.messages as readonly ChatMessage[]
  return example.learned.map(at => ({ prompt: messages.slice(0, at), completion: messages[at]! }))
}

export const assistant = (content: string): ChatMessage => ({ role: 'assistant', content })
