#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-TrainingSet' {
    $calls = @{
        Cmdlet         = 'Export-TrainingSet'
        Prepare        = {
            Import-Outcar al-strain
            Set-Content taken.extxyz -Value mine
        }
        Run            = { param($With, $Place) $Place.Data | Export-TrainingSet "$($Place.Fresh()).extxyz" @With }
        Fail           = { param($With, $Place) $Place.Data | Export-TrainingSet taken.extxyz @With }
        FailId         = 'FileExists'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'splits the same way on every run' {
        $frames = Import-Outcar "$PSScriptRoot/../../samples/al-strain"
        $hashes = foreach ($folder in 'first', 'second') {
            ($frames | Export-TrainingSet (Join-Path $TestDrive "$folder/set.extxyz") -TrainFraction 0.7 -Seed 3 -WarningAction SilentlyContinue).Hash -join ' '
        }
        $hashes[0] | Should -Be $hashes[1]
    }
}
