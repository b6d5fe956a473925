import { instances } from './instances.ts'
import type { Probe } from './probe.ts'
import { readings } from './readings.ts'
import { rounding } from './rounding.ts'

const tables = [instances, readings, rounding]

/** The probes of one task. */
export const probesOf = (slug: string): readonly Probe[] =>
  tables.flatMap(table => (Object.hasOwn(table, slug) ? table[slug]! : []))
