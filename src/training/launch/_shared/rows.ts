import type { Kind, Split } from '../../export/_shared/format.ts'
import type { FileEntry, Manifest } from '../../export/_shared/manifest.ts'

/** The file of a set that holds these rows, or null. Its path is relative to the set's folder. */
export const rowsFile = (manifest: Manifest, format: string, kind: Kind, split: Split): FileEntry | null =>
  manifest.files.find(file => file.format === format && file.kind === kind && file.split === split) ?? null
