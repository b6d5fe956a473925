import { analyseWith } from '../checkers/_shared/python/analyse.ts'
import { pythonTools } from '../checkers/_shared/python/parse.ts'
import type { Finding, FindingKind } from '../checkers/_shared/python/report.ts'
import type { CodeMark, CodeView, Token } from './api.ts'

type Kind = Token['kind']

/** Which scopes of the grammar are shown as what; the longest scope that fits wins. */
const scopes: Readonly<Record<Exclude<Kind, 'plain'>, readonly string[]>> = {
  keyword: ['keyword', 'keyword.operator.logical', 'storage', 'constant.language', 'variable.language'],
  string: [
    'string',
    'constant.character',
    'storage.type.string',
    'storage.type.format',
    'punctuation.definition.string',
  ],
  number: ['constant.numeric'],
  comment: ['comment', 'punctuation.definition.comment'],
  function: [
    'entity.name.function',
    'entity.name.type.class',
    'support.function',
    'support.type',
    'meta.function-call.generic',
  ],
  operator: ['keyword.operator'],
}

const kinds = Object.keys(scopes) as (keyof typeof scopes)[]
/** A theme whose colours are the kinds' numbers. */
const colourOf = (kind: number) => `#${(kind + 1).toString(16).padStart(6, '0')}`

/** Longer programs and lines are shown without colours: colouring must not keep other requests waiting. */
const longestColoured = 20_000
const longestLine = 1_000

type Tokenizer = (source: string) => Token[][]

let shared: Promise<Tokenizer> | undefined

/** Loads the grammar (about 60 ms) the first time. */
function tokenizer(): Promise<Tokenizer> {
  shared ??= loadTokenizer()
  return shared
}

async function loadTokenizer(): Promise<Tokenizer> {
  const [{ createHighlighterCore }, { createJavaScriptRegexEngine }, python] = await Promise.all([
    import('shiki/core'),
    import('shiki/engine/javascript'),
    import('shiki/langs/python.mjs'),
  ])
  const settings = kinds.map((kind, i) => ({ scope: [...scopes[kind]], settings: { foreground: colourOf(i) } }))
  const highlighter = await createHighlighterCore({
    langs: [python.default],
    themes: [{ name: 'kinds', type: 'light', fg: '#ffffff', bg: '#ffffff', settings }],
    engine: createJavaScriptRegexEngine(),
  })
  return source =>
    highlighter
      .codeToTokensBase(source, {
        lang: 'python',
        theme: 'kinds',
        tokenizeTimeLimit: 1_000,
        tokenizeMaxLineLength: longestLine,
      })
      .map(line => joined(line.map(({ content, color }) => ({ text: content, kind: kindOf(color) }))))
}

/** Pieces of one kind are one, and blanks go with what stands before them: half as many pieces, and the same look. */
function joined(tokens: readonly Token[]): Token[] {
  const line: Token[] = []
  for (const token of tokens) {
    const last = line.at(-1)
    if (last && (last.kind === token.kind || token.text.trim() === ''))
      line[line.length - 1] = { text: last.text + token.text, kind: last.kind }
    else line.push(token)
  }
  return line
}

function kindOf(colour: string | undefined): Kind {
  return kinds[Number.parseInt((colour ?? '').slice(1), 16) - 1] ?? 'plain'
}

const plainLines = (source: string): Token[][] =>
  source.split('\n').map(text => (text === '' ? [] : [{ text, kind: 'plain' as const }]))

/** Programs seen lately: a trajectory shows most of its programs twice, and the same one is opened again. */
const viewsKept = 500
const views = new Map<string, Promise<CodeView>>()

/**
 * A program ready to be shown: its lines in coloured pieces, and, for one that answers, what the symbolic checker sees in
 * it. Any string gets a view.
 */
export function codeView(source: string, options: { readonly marks: boolean }): Promise<CodeView> {
  // Few are so long, and a handful of them would be too much to keep.
  if (source.length > longestColoured) return makeView(source, options.marks)
  const key = `${options.marks}${source}`
  const known = views.get(key)
  views.delete(key)
  const view = known ?? makeView(source, options.marks)
  views.set(key, view)
  if (views.size > viewsKept) views.delete(views.keys().next().value!)
  return view
}

async function makeView(raw: string, marked: boolean): Promise<CodeView> {
  const source = raw.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const lines = source.length > longestColoured ? plainLines(source) : (await tokenizer())(source)
  return { source, lines, marks: marked ? analyseWith(await pythonTools(), source).findings.map(markOf) : [] }
}

const good: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'solver',
  'search',
  'enumeration',
  'recursion',
  'dynamic-programming',
  'simulation',
  'exact',
  'evaluation',
])
/** Plays no part in the answer, or is a matter of taste: says little against the program. */
const neutral: ReadonlySet<FindingKind> = new Set<FindingKind>([
  'dead-code',
  'unused-import',
  'unused-data',
  'float-equality',
])

const markOf = ({ kind, line, endLine, why }: Finding): CodeMark => ({
  fromLine: line,
  toLine: endLine,
  kind,
  words: why,
  tone: good.has(kind) ? 'good' : neutral.has(kind) ? 'neutral' : 'bad',
})
