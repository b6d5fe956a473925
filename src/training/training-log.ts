/**
 * What a training tells while it runs: one JSON object a line in `log.jsonl` of its folder, written by the scripts in
 * `python/`, read by `codesteer train` (terminal) and by the viewer. A last line cut off in the middle is left out.
 */
export type TrainingEvent =
  | {
      readonly type: 'training-start'
      readonly atMs: number
      readonly kind: 'sft' | 'dpo'
      readonly trainer: string
      readonly baseModel: string
      /** sha256 of the training file. */
      readonly dataHash: string
      readonly configHash: string
      readonly commit: string | null
      readonly rows: number
      readonly evalRows: number
      readonly steps: number
      readonly parameters: number
      readonly trainable: number
      readonly device: string
      /** The step from which a checkpoint was taken up again; 0 at the first start. */
      readonly fromStep: number
    }
  /** Names as the trainer has them: `loss`, `eval_loss`, `learning_rate`, `rewards/accuracies`, `mean_token_accuracy` … */
  | {
      readonly type: 'training-step'
      readonly atMs: number
      readonly step: number
      readonly epoch: number
      readonly values: Readonly<Record<string, number>>
    }
  | {
      readonly type: 'training-end'
      readonly atMs: number
      readonly outcome: 'finished' | 'stopped' | 'failed'
      readonly model: string | null
      readonly why: string | null
      readonly mend: string | null
    }
