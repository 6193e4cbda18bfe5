#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-TrainingSet' {
    $calls = @{
        Cmdlet         = 'Test-TrainingSet'
        Prepare        = { 'al-strain', 'al-strain/strain_+0.0000' | Import-Outcar }
        Run            = { param($With, $Place) $Place.Data | Test-TrainingSet @With }
        Fail           = { param($With, $Place) $Place.Data | Test-TrainingSet -TestSet none.extxyz @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
