#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-MlipTrainingInput' {
    $calls = @{
        Cmdlet      = 'New-MlipTrainingInput'
        Prepare     = { Import-Outcar al-strain | Export-TrainingSet set.extxyz -TrainFraction 0.6 -ValidationFraction 0.2 -WarningAction SilentlyContinue }
        Run         = { param($With, $Place) $Place.Data | New-MlipTrainingInput -Framework Mace -Destination $Place.Fresh() -Name al -ReferenceEnergy @{ Al = -0.2 } @With }
        ByParameter = { param($With, $Place) New-MlipTrainingInput set.extxyz Mace $Place.Fresh() -Name al -ReferenceEnergy @{ Al = -0.2 } @With }
        Wildcard    = { param($With, $Place) New-MlipTrainingInput -TrainingSet set_tr*.extxyz -ValidationSet set_v*.extxyz -Framework Mace -Destination $Place.Fresh() -ReferenceEnergy @{ Al = -0.2 } -Force @With }
        Fail        = { param($With, $Place) New-MlipTrainingInput none/set.extxyz Mace $Place.Fresh() @With }
        FailId      = 'DatasetManifestMissing'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'makes a folder that Submit-DftJob runs on this machine: <Framework>' -Skip:$IsWindows -ForEach @(
        @{ Framework = 'Mace'; Program = 'mace_run_train'; Configuration = 'mace.yaml' }
        @{ Framework = 'DeepMD'; Program = 'dp'; Configuration = 'input.json' }
    ) {
        # A program of that name that keeps what it was started with.
        $bin = New-Item (Join-Path $TestDrive "bin-$Program") -ItemType Directory
        Set-Content (Join-Path $bin $Program) -Value "#!/bin/sh`nprintf '%s ' `"`$@`" >> started.txt`ntest -s $Configuration"
        chmod +x (Join-Path $bin $Program)
        $before = $env:PATH, $env:ATOMPRONET_HOME
        $env:PATH = "${bin}:$env:PATH"
        $env:ATOMPRONET_HOME = Join-Path $TestDrive "home-$Program"
        try {
            $set = Join-Path $TestDrive "set-$Program.extxyz"
            $made = Import-Outcar "$PSScriptRoot/../../samples/al-strain" | Export-TrainingSet $set -TrainFraction 0.6 -ValidationFraction 0.2 -WarningAction SilentlyContinue |
                New-MlipTrainingInput -Framework $Framework -Destination (Join-Path $TestDrive "train-$Program") -ReferenceEnergy @{ Al = -0.2 } -Device Cpu -WarningAction SilentlyContinue
            $job = $made | Submit-DftJob | Wait-DftJob -PollInterval 1 | Receive-DftJob
            $job.State | Should -Be 'Received'
            Get-Content (Join-Path $made.FolderPath 'started.txt') | Should -Match ([regex]::Escape($Configuration))
        }
        finally { $env:PATH, $env:ATOMPRONET_HOME = $before }
    }
}
