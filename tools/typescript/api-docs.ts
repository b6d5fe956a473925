// The API reference, produced from the docstrings. It lives here because typedoc needs TypeScript's JavaScript interface.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, LogLevel, type TypeDocOptions } from 'typedoc'
import type { PluginOptions } from 'typedoc-plugin-markdown'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Entry point to its page, and what it is imported as. */
const entries = {
  index: { page: 'codesteer.md', title: 'codesteer' },
  'ai-sdk': { page: 'ai-sdk.md', title: 'codesteer/ai-sdk' },
} as const

const options: Partial<TypeDocOptions & PluginOptions> = {
  entryPoints: Object.keys(entries).map(name => join(root, `src/${name}.ts`)),
  tsconfig: join(root, 'tsconfig.json'),
  plugin: [createRequire(import.meta.url).resolve('typedoc-plugin-markdown')],
  // The checks are tsc's.
  skipErrorChecking: true,
  readme: 'none',
  disableSources: true,
  disableGit: true,
  githubPages: false,
  logLevel: LogLevel.Warn,
  validation: { notDocumented: true, notExported: true, invalidLink: true, invalidPath: true },
  requiredToBeDocumented: ['Function', 'Class', 'Interface', 'TypeAlias', 'Variable', 'Method', 'CallSignature'],
  // Reached by `typeof`: they are no types of their own.
  intentionallyNotExported: ['parts', 'methodSchema'],
  excludeExternals: true,
  sort: ['alphabetical'],
  groupOrder: ['Functions', 'Classes', 'Interfaces', 'Type Aliases', 'Variables'],
  outputFileStrategy: 'modules',
  hidePageHeader: true,
  hidePageTitle: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandParameters: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  tableColumnSettings: {
    hideDefaults: true,
    hideInherited: true,
    hideModifiers: true,
    hideOverrides: true,
    hideSources: true,
    hideValues: true,
  },
}

export interface ApiDocs {
  /** Path to content. */
  readonly pages: ReadonlyMap<string, string>
  /** What is not documented, or referred to and not exported. */
  readonly problems: readonly string[]
}

/** Reads the docstrings of everything that is exported. Takes ten seconds and more. */
export async function apiDocs(): Promise<ApiDocs> {
  const out = mkdtempSync(join(tmpdir(), 'codesteer-api-'))
  try {
    const app = await Application.bootstrapWithPlugins({ ...options, out })
    const problems: string[] = []
    app.logger.log = (message, level) => {
      if (level >= LogLevel.Warn) problems.push(message)
    }
    const project = await app.convert()
    if (!project) throw new Error(`typedoc could not read the sources: ${problems.join('; ')}`)
    app.validate(project)
    await app.generateOutputs(project)
    const pages = new Map(
      Object.entries(entries).map(([name, { page, title }]) => [
        `docs/api/${page}`,
        pageOf(readFileSync(join(out, `${name}.md`), 'utf8'), title),
      ]),
    )
    return { pages, problems }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** What the signature above it says already, and anchors that nothing points to. */
const repeats: readonly RegExp[] = [
  /^#+ (Returns|Extends|Extended by|Overrides|Inherited from|Implementation of)\n\n(?:(?!#).+\n|- .+\n)+\n?/gm,
  /^#+ (Type )?Parameters\n\n\| (?:Type )?Parameter(?: \| Type)? \|\n(?:\|.*\|\n)+\n?/gm,
  /<a id="[^"]*"><\/a> /g,
]

function pageOf(produced: string, title: string): string {
  let text = produced
  for (const repeat of repeats) text = text.replace(repeat, '')
  for (const [name, { page }] of Object.entries(entries)) text = text.replaceAll(`(${name}.md`, `(${page}`)
  text = text
    .replace(/ +$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return `<!-- Produced by \`npm run docs\` from the docstrings; edit the code, not this page. -->\n# ${title}\n\n${text}\n`
}
