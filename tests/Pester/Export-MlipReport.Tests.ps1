#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-MlipReport' {
    $calls = @{
        Cmdlet         = 'Export-MlipReport'
        Prepare        = {
            Import-Outcar al-strain | Export-TrainingSet al.extxyz > $null
            Measure-MlipError al.extxyz predictions.extxyz
            Set-Content taken.html -Value mine
        }
        Run            = { param($With, $Place) $Place.Data | Export-MlipReport "$($Place.Fresh()).html" @With }
        ByParameter    = { param($With, $Place) Export-MlipReport "$($Place.Fresh()).html" al.extxyz predictions.extxyz @With }
        Fail           = { param($With, $Place) $Place.Data | Export-MlipReport taken.html @With }
        FailId         = 'FileExists'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
