#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-EquationOfState' {
    $calls = @{
        Cmdlet         = 'Measure-EquationOfState'
        Prepare        = { Import-Outcar al-strain }
        Run            = { param($With, $Place) $Place.Data | Measure-EquationOfState @With }
        Fail           = { param($With) Measure-EquationOfState -Volume 60, 70 -Energy -1 @With }
        FailId         = 'EquationOfStateCountsDiffer'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
