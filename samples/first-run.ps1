# The main job, from a crystal to a model's errors. It runs in PowerShell with the module, and without PowerShell in the launcher:
#   dotnet run --project src/AtomProNet.Cli -- -File samples/first-run.ps1
# All paths start from the folder of the project.

# A bundled crystal, strained from -10 % to +10 %: 21 folders with the inputs of VASP.
Get-MPStructure Al2O3 -Source Bundled | New-StrainSeries -Range 0.1 | New-VaspInput -Destination out/first-run/runs -Force

# The outputs of another strain series (synthetic, see samples/README.md) become a training set in MACE's form.
Import-Outcar samples/al-strain | Export-TrainingSet -Path out/first-run/al.extxyz -TrainFraction 0.8 -ValidationFraction 0.1 -TestFraction 0.1 -Force

# The same frames in one file, and how far a model is from them.
Import-Outcar samples/al-strain | Export-TrainingSet -Path out/first-run/al_all.extxyz -KeyStyle Ase -Force
Measure-MlipError -Reference out/first-run/al_all.extxyz -Prediction samples/predictions.extxyz
