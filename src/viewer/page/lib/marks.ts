import type { CodeMark } from '../../api.ts'

type Tone = CodeMark['tone']

export const toneSigns: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', neutral: 'i' }

export interface MarkedLines {
  /** First line of marks to the marks that begin there. */
  readonly starts: ReadonlyMap<number, { readonly tone: Tone; readonly marks: readonly CodeMark[] }>
  /** Every line within a mark to the gravest tone over it. */
  readonly tones: ReadonlyMap<number, Tone>
}

const grave: readonly Tone[] = ['neutral', 'good', 'bad']
const graver = (one: Tone | undefined, other: Tone): Tone =>
  one !== undefined && grave.indexOf(one) > grave.indexOf(other) ? one : other

/** Marks by the lines they stand at. */
export function markedLines(marks: readonly CodeMark[]): MarkedLines {
  const starts = new Map<number, { tone: Tone; marks: CodeMark[] }>()
  const tones = new Map<number, Tone>()
  for (const mark of marks) {
    const start = starts.get(mark.fromLine)
    if (start) {
      start.marks.push(mark)
      start.tone = graver(start.tone, mark.tone)
    } else starts.set(mark.fromLine, { tone: mark.tone, marks: [mark] })
    for (let line = mark.fromLine; line <= mark.toLine; line++) tones.set(line, graver(tones.get(line), mark.tone))
  }
  return { starts, tones }
}
