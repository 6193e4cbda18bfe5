#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-CohesiveEnergy' {
    $calls = @{
        Cmdlet         = 'Measure-CohesiveEnergy'
        Prepare        = { Import-Outcar al-strain/strain_+0.0000 }
        Run            = { param($With, $Place) $Place.Data | Measure-CohesiveEnergy -AtomEnergy @{ Al = 0 } @With }
        ByParameter    = { param($With, $Place) Measure-CohesiveEnergy -InputObject $Place.Data -AtomEnergy @{ Al = 0 } @With }
        Fail           = { param($With, $Place) $Place.Data | Measure-CohesiveEnergy @With }
        FailId         = 'AtomEnergyMissing'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'is E/N where free atoms count as zero' {
        $frame = Import-Outcar "$PSScriptRoot/../../samples/al-strain/strain_+0.0000"
        ($frame | Measure-CohesiveEnergy -AtomEnergy @{ Al = 0 }).Energy | Should -Be ($frame.FreeEnergy / 4)
    }
}
