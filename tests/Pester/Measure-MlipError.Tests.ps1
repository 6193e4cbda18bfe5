#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-MlipError' {
    $calls = @{
        Cmdlet         = 'Measure-MlipError'
        Prepare        = { Import-Outcar al-strain | Export-TrainingSet al.extxyz > $null }
        Run            = { param($With) Import-TrainingSet predictions.extxyz | Measure-MlipError al.extxyz @With }
        ByParameter    = { param($With) Measure-MlipError al.extxyz predictions.extxyz @With }
        Fail           = { param($With) Measure-MlipError none.extxyz predictions.extxyz @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
