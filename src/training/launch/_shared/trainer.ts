import type { Kind } from '../../export/_shared/format.ts'
import type { Manifest } from '../../export/_shared/manifest.ts'
import type { Recipe } from './recipe.ts'

/** How several devices work together; each is the trainer's own way, by its own configuration files. */
export type Distributed = 'deepspeed' | 'fsdp' | 'ddp'

/** All that a trainer must know to write its configuration. Paths are absolute. */
export interface TrainingJob {
  readonly kind: Kind
  readonly recipe: Recipe
  /** A folder, or a name on the hub. */
  readonly base: string
  readonly dataFolder: string
  readonly manifest: Manifest
  /** The training's own folder. */
  readonly folder: string
  readonly gpus: number
  readonly distributed: Distributed
  /** Of the CPU; null leaves it to torch. */
  readonly threads: number | null
  readonly python: string
  /** Its version of transformers, whose settings several trainers take; null when not known. */
  readonly transformers: string | null
  /** Settings in the trainer's own words, over all others. */
  readonly set: Readonly<Record<string, unknown>>
  /** The checkpoint to go on from; null for a start. */
  readonly checkpoint: string | null
  readonly provenance: { readonly dataHash: string; readonly configHash: string; readonly commit: string | null }
}

/** A configuration written out, and the command that trains by it. */
export interface Launch {
  /** Files below the training's folder: name to text. */
  readonly files: Readonly<Record<string, string>>
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** One line of a trainer's own log, read. */
export interface ToldStep {
  /** Null where the trainer tells the epoch only. */
  readonly step: number | null
  readonly epoch: number
  readonly values: Readonly<Record<string, number>>
}

/** A trainer: the default export of a file in `training/launch/`. */
export interface TrainerKind {
  readonly name: string
  readonly about: string
  /** Which of the export's formats it reads. */
  readonly format: string
  /** Python packages it cannot do without, by their names on the index. */
  needs(job: Pick<TrainingJob, 'gpus' | 'distributed'> & { readonly lora: boolean }): readonly string[]
  /** What to type to get them. */
  install(python: string): string
  readonly distributed: readonly Distributed[]
  /** The data's part of the configuration is the export's `settings` for this trainer. */
  launch(job: TrainingJob): Launch
  /** Folder of the checkpoints and of the finished model, below the training's folder. */
  readonly checkpoints: string
  readonly model: string
  /** How its progress is heard: it writes log.jsonl itself, or a log of its own that is read line by line. */
  readonly told: 'log' | { readonly file: string; read(line: string): ToldStep | null }
}
