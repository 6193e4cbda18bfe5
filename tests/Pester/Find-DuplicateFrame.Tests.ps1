#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Find-DuplicateFrame' {
    $calls = @{
        Cmdlet         = 'Find-DuplicateFrame'
        Prepare        = { 'al-strain', 'al-strain/strain_+0.0000' | Import-Outcar }
        Run            = { param($With, $Place) $Place.Data | Find-DuplicateFrame @With }
        Fail           = { param($With, $Place) $Place.Data | Find-DuplicateFrame -TestSet none.extxyz @With }
        FailId         = 'PathNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
