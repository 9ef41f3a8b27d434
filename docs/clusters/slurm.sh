#!/usr/bin/env bash
# One Slurm job that brings its own Dask scheduler and workers and leads a run with them:
#
#     sbatch slurm.sh runs/as-told as-told --people all
#
# The first word is the run directory, the others are those of `glasshouse run`. Sent off once more
# it goes on where the run stood. The folder must be one that all nodes see.
#SBATCH --job-name=glasshouse
#SBATCH --nodes=8
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=32
#SBATCH --mem=64G
#SBATCH --time=04:00:00
set -euo pipefail

out=$1
shift
file=$PWD/scheduler-$SLURM_JOB_ID.json
trap 'rm -f "$file"; kill $(jobs -p) 2>/dev/null || true' EXIT

dask scheduler --port 0 --no-dashboard --scheduler-file "$file" &
scheduler=$!
srun dask worker --scheduler-file "$file" --nworkers "$SLURM_CPUS_PER_TASK" --nthreads 1 \
    --no-dashboard --local-directory "${TMPDIR:-.}" &
until [ -s "$file" ]; do
    kill -0 "$scheduler" # it did not begin: the job ends here
    sleep 1
done
address=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["address"])' "$file")

if [ -e "$out/run.json" ]; then
    glasshouse resume "$out" --cluster "$address"
else
    glasshouse run "$@" --out "$out" --cluster "$address"
fi
