import { join } from 'node:path'
import { stringify } from 'yaml'
import { zero3, zero3File } from './_shared/deepspeed.ts'
import { rowsFile } from './_shared/rows.ts'
import type { Launch, ToldStep, TrainerKind, TrainingJob } from './_shared/trainer.ts'

/**
 * Axolotl by its own command. Keys as in its schemas (src/axolotl/utils/schemas/config.py, training.py, peft.py, fsdp.py);
 * its progress is read from the lines that transformers prints.
 */
const axolotl: TrainerKind = {
  name: 'axolotl',
  about: 'axolotl (axolotl train)',
  format: 'axolotl',
  needs: ({ gpus, distributed }) => ['axolotl', ...(gpus > 1 && distributed === 'deepspeed' ? ['deepspeed'] : [])],
  install: python => `${python} -m pip install --no-build-isolation "axolotl[flash-attn,deepspeed]"`,
  distributed: ['deepspeed', 'fsdp', 'ddp'],
  checkpoints: 'model',
  model: 'model',
  told: { file: 'trainer.log', read },
  launch,
}

export default axolotl

function launch(job: TrainingJob): Launch {
  const { recipe, manifest, kind, base, gpus, distributed, folder, checkpoint, set } = job
  const deepspeed = gpus > 1 && distributed === 'deepspeed'
  const validation = rowsFile(manifest, 'axolotl', kind, 'validation')
  const config = {
    base_model: base,
    ...(recipe.lora
      ? {
          adapter: 'lora',
          lora_r: recipe.lora.rank,
          lora_alpha: recipe.lora.alpha,
          lora_dropout: recipe.lora.dropout,
          lora_target_linear: true,
        }
      : {}),
    ...withPaths(manifest.formats.axolotl?.settings[kind] ?? {}, join(job.dataFolder, 'axolotl')),
    sequence_len: recipe.maxLength,
    ...(recipe.beta === null ? {} : { rl: 'dpo', rl_beta: recipe.beta }),
    output_dir: join(folder, 'model'),
    dataset_prepared_path: join(folder, 'prepared'),
    num_epochs: recipe.epochs,
    learning_rate: recipe.learningRate,
    optimizer: 'adamw_torch',
    lr_scheduler: 'cosine',
    warmup_ratio: recipe.warmup,
    micro_batch_size: recipe.perDevice,
    gradient_accumulation_steps: recipe.accumulation,
    gradient_checkpointing: recipe.gradientCheckpointing,
    bf16: 'auto',
    logging_steps: recipe.logSteps,
    save_steps: recipe.everySteps,
    save_total_limit: 2,
    ...(validation ? { eval_steps: recipe.everySteps } : {}),
    ...(checkpoint ? { resume_from_checkpoint: checkpoint } : {}),
    ...(deepspeed ? { deepspeed: join(folder, zero3File) } : {}),
    ...(gpus > 1 && distributed === 'fsdp'
      ? {
          fsdp_version: 2,
          fsdp_config: {
            auto_wrap_policy: 'TRANSFORMER_BASED_WRAP',
            state_dict_type: 'FULL_STATE_DICT',
            offload_params: false,
            reshard_after_forward: true,
          },
        }
      : {}),
    seed: recipe.seed,
    ...set,
  }
  const file = join(folder, 'axolotl.yaml')
  return {
    files: {
      'axolotl.yaml': stringify(config),
      ...(deepspeed ? { [zero3File]: `${JSON.stringify(zero3, null, 2)}\n` } : {}),
    },
    command:
      gpus > 1
        ? [
            job.python,
            '-m',
            'accelerate.commands.launch',
            '--num_processes',
            String(gpus),
            '-m',
            'axolotl.cli.train',
            file,
          ]
        : [job.python, '-m', 'axolotl.cli.main', 'train', file],
    env: {},
  }
}

/** The export names its files as seen from its own folder; the training is started from elsewhere. */
function withPaths(settings: Readonly<Record<string, unknown>>, folder: string) {
  const placed = (entries: unknown) =>
    (entries as readonly { readonly path: string }[]).map(entry => ({ ...entry, path: join(folder, entry.path) }))
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, /datasets$/.test(key) ? placed(value) : value]),
  )
}

/** `{'loss': 0.51, 'grad_norm': '2.1', 'epoch': 0.5}`: the values are numbers, or texts of numbers in newer versions. */
function read(line: string): ToldStep | null {
  const found = /\{'(?:loss|eval_loss)'.*\}/.exec(line)
  if (!found) return null
  const values: Record<string, number> = {}
  for (const [, name, text] of found[0].matchAll(/'([\w/]+)':\s*'?(-?[\d.]+(?:e[+-]?\d+)?)'?/gi))
    values[name!] = Number(text)
  const { epoch = 0, ...rest } = values
  return { step: null, epoch, values: rest }
}
