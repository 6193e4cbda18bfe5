#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-FormationEnergy' {
    $calls = @{
        Cmdlet         = 'Measure-FormationEnergy'
        Prepare        = { Import-Outcar al-strain }
        Run            = { param($With, $Place) $Place.Data[0] | Measure-FormationEnergy $Place.Data[0] @With }
        ByParameter    = { param($With, $Place) Measure-FormationEnergy $Place.Data[0] -InputObject $Place.Data[0] @With }
        Fail           = { param($With, $Place) $Place.Data[10] | Measure-FormationEnergy $Place.Data[0] @With }
        FailId         = 'CellsNotCommensurate'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
