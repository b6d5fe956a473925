import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { rowsFile } from './_shared/rows.ts'
import type { Distributed, Launch, TrainerKind, TrainingJob } from './_shared/trainer.ts'

/** Found from the sources and from the built package alike. */
const scripts = fileURLToPath(new URL('../../../python/', import.meta.url))

/** TRL by our own small scripts in `python/`, which keep the log, the checkpoints and the clean stop. */
const trl: TrainerKind = {
  name: 'trl',
  about: 'TRL (SFTTrainer, DPOTrainer) by python/train_sft.py and python/train_dpo.py',
  format: 'trl',
  needs: ({ gpus, distributed, lora }) => [
    'torch',
    'transformers',
    'trl',
    'datasets',
    'accelerate',
    ...(lora ? ['peft'] : []),
    ...(gpus > 1 && distributed === 'deepspeed' ? ['deepspeed'] : []),
  ],
  install: python => `${python} -m pip install -r ${join(scripts, 'requirements.txt')}`,
  distributed: ['deepspeed', 'fsdp', 'ddp'],
  checkpoints: 'checkpoints',
  model: 'model',
  told: 'log',
  launch,
}

export default trl

function launch(job: TrainingJob): Launch {
  const script = join(scripts, `train_${job.kind}.py`)
  const config = join(job.folder, 'config.json')
  const flags = [config, ...(job.checkpoint ? ['--resume'] : [])]
  if (job.gpus === 1) {
    return {
      files: { 'config.json': json(plan(job)) },
      command: [job.python, script, ...flags, '--end-with-parent'],
      env: {},
    }
  }
  const accelerate = join(job.folder, 'accelerate.yaml')
  return {
    files: { 'config.json': json(plan(job)), 'accelerate.yaml': stringify(accelerateConfig(job)) },
    command: [job.python, '-m', 'accelerate.commands.launch', '--config_file', accelerate, script, ...flags],
    env: {},
  }
}

/** The script's configuration; `trainer` holds arguments of SFTConfig and DPOConfig by their own names. */
function plan({ kind, recipe, base, dataFolder, manifest, folder, threads, set, provenance }: TrainingJob) {
  const validation = rowsFile(manifest, 'trl', kind, 'validation')
  return {
    base,
    train: join(dataFolder, rowsFile(manifest, 'trl', kind, 'train')!.path),
    validation: validation && join(dataFolder, validation.path),
    out: folder,
    trainer: {
      ...manifest.formats.trl?.settings[kind],
      num_train_epochs: recipe.epochs,
      learning_rate: recipe.learningRate,
      lr_scheduler_type: 'cosine',
      warmup_steps: recipe.warmup,
      per_device_train_batch_size: recipe.perDevice,
      per_device_eval_batch_size: recipe.perDevice,
      gradient_accumulation_steps: recipe.accumulation,
      gradient_checkpointing: recipe.gradientCheckpointing,
      max_length: recipe.maxLength,
      ...(recipe.beta === null ? {} : { beta: recipe.beta, loss_type: ['sigmoid'] }),
      logging_steps: recipe.logSteps,
      ...(validation ? { eval_steps: recipe.everySteps } : {}),
      save_steps: recipe.everySteps,
      save_total_limit: 2,
      ...set,
    },
    lora: recipe.lora && {
      r: recipe.lora.rank,
      lora_alpha: recipe.lora.alpha,
      lora_dropout: recipe.lora.dropout,
      target_modules: 'all-linear',
    },
    threads,
    seed: recipe.seed,
    provenance,
  }
}

const ways: Readonly<Record<Distributed, Readonly<Record<string, unknown>>>> = {
  deepspeed: {
    distributed_type: 'DEEPSPEED',
    deepspeed_config: {
      deepspeed_multinode_launcher: 'standard',
      offload_optimizer_device: 'none',
      offload_param_device: 'none',
      zero3_init_flag: true,
      zero3_save_16bit_model: true,
      zero_stage: 3,
    },
  },
  fsdp: {
    distributed_type: 'FSDP',
    fsdp_config: {
      fsdp_version: 2,
      fsdp_auto_wrap_policy: 'TRANSFORMER_BASED_WRAP',
      fsdp_cpu_ram_efficient_loading: true,
      fsdp_offload_params: false,
      fsdp_reshard_after_forward: true,
      fsdp_state_dict_type: 'FULL_STATE_DICT',
      fsdp_activation_checkpointing: false,
    },
  },
  ddp: { distributed_type: 'MULTI_GPU' },
}

/** accelerate's configuration, with the keys of the files that TRL ships in trl/accelerate_configs (zero3, fsdp2, multi_gpu). */
const accelerateConfig = ({ gpus, distributed }: TrainingJob) => ({
  compute_environment: 'LOCAL_MACHINE',
  debug: false,
  downcast_bf16: 'no',
  machine_rank: 0,
  main_training_function: 'main',
  mixed_precision: 'bf16',
  num_machines: 1,
  num_processes: gpus,
  rdzv_backend: 'static',
  same_network: true,
  use_cpu: false,
  ...ways[distributed],
})

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
