import { join } from 'node:path'
import { stringify } from 'yaml'
import { zero3, zero3File } from './_shared/deepspeed.ts'
import type { Launch, ToldStep, TrainerKind, TrainingJob } from './_shared/trainer.ts'

/**
 * LLaMA-Factory by its own command. Keys as in its hparams (data_args.py, finetuning_args.py, transformers'
 * TrainingArguments) and its examples (examples/train_full/llama3_full_sft.yaml, examples/train_lora/llama3_lora_dpo.yaml);
 * its log is trainer_log.jsonl (src/llamafactory/train/callbacks.py).
 */
const llamaFactory: TrainerKind = {
  name: 'llama-factory',
  about: 'LLaMA-Factory (llamafactory-cli train)',
  format: 'llama-factory',
  needs: ({ gpus, distributed }) => ['llamafactory', ...(gpus > 1 && distributed === 'deepspeed' ? ['deepspeed'] : [])],
  install: python => `${python} -m pip install llamafactory`,
  distributed: ['deepspeed', 'ddp'],
  checkpoints: 'model',
  model: 'model',
  told: { file: join('model', 'trainer_log.jsonl'), read },
  launch,
}

export default llamaFactory

function launch(job: TrainingJob): Launch {
  const { recipe, manifest, kind, base, gpus, distributed, folder, checkpoint, set } = job
  const deepspeed = gpus > 1 && distributed === 'deepspeed'
  const config = {
    model_name_or_path: base,
    do_train: true,
    finetuning_type: recipe.lora ? 'lora' : 'full',
    ...(recipe.lora
      ? {
          lora_rank: recipe.lora.rank,
          lora_alpha: recipe.lora.alpha,
          lora_dropout: recipe.lora.dropout,
          lora_target: 'all',
        }
      : {}),
    ...(deepspeed ? { deepspeed: join(folder, zero3File) } : {}),
    template: templateOf(base),
    ...manifest.formats['llama-factory']?.settings[kind],
    dataset_dir: join(job.dataFolder, 'llama-factory'),
    cutoff_len: recipe.maxLength,
    ...(recipe.beta === null ? {} : { pref_loss: 'sigmoid', pref_beta: recipe.beta }),
    output_dir: join(folder, 'model'),
    overwrite_output_dir: false,
    ...(checkpoint ? { resume_from_checkpoint: checkpoint } : {}),
    num_train_epochs: recipe.epochs,
    learning_rate: recipe.learningRate,
    lr_scheduler_type: 'cosine',
    ...warmupOf(job),
    per_device_train_batch_size: recipe.perDevice,
    per_device_eval_batch_size: recipe.perDevice,
    gradient_accumulation_steps: recipe.accumulation,
    bf16: true,
    logging_steps: recipe.logSteps,
    save_steps: recipe.everySteps,
    save_total_limit: 2,
    ...(manifest.formats['llama-factory']?.settings[kind]?.eval_dataset
      ? { eval_strategy: 'steps', eval_steps: recipe.everySteps }
      : {}),
    report_to: 'none',
    seed: recipe.seed,
    ...set,
  }
  return {
    files: {
      'llama-factory.yaml': stringify(config),
      ...(deepspeed ? { [zero3File]: `${JSON.stringify(zero3, null, 2)}\n` } : {}),
    },
    command: [job.python, '-m', 'llamafactory.cli', 'train', join(folder, 'llama-factory.yaml')],
    env: gpus > 1 ? { FORCE_TORCHRUN: '1', NPROC_PER_NODE: String(gpus) } : {},
  }
}

/**
 * A share of the steps. Its examples write warmup_ratio, a setting of transformers that 5 deprecates and 5.18 has no more,
 * and an unknown key is refused; warmup_steps takes a share since 5, and before that none.
 */
const warmupOf = ({ transformers, recipe: { warmup } }: TrainingJob) =>
  Number.parseInt(transformers ?? '', 10) >= 5 ? { warmup_steps: warmup } : { warmup_ratio: warmup }

/** LLaMA-Factory has templates by name; for others than these say --set template=… */
function templateOf(base: string): string {
  const name = base.toLowerCase()
  if (/llama-?3/.test(name)) return 'llama3'
  if (/qwen-?3/.test(name)) return 'qwen3'
  if (/qwen/.test(name)) return 'qwen'
  if (/mistral/.test(name)) return 'mistral'
  return 'default'
}

const numbers = { loss: 'loss', eval_loss: 'eval_loss', lr: 'learning_rate', accuracy: 'rewards/accuracies' } as const

/** A line of trainer_log.jsonl. */
function read(line: string): ToldStep | null {
  let told: Readonly<Record<string, unknown>>
  try {
    told = JSON.parse(line) as typeof told
  } catch {
    return null
  }
  const values: Record<string, number> = {}
  for (const [theirs, name] of Object.entries(numbers)) {
    const value = told[theirs]
    if (typeof value === 'number' && Number.isFinite(value)) values[name] = value
  }
  if (Object.keys(values).length === 0 || typeof told.current_steps !== 'number') return null
  return { step: told.current_steps, epoch: typeof told.epoch === 'number' ? told.epoch : 0, values }
}
