#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-StrainSeries' {
    $calls = @{
        Cmdlet         = 'New-StrainSeries'
        Prepare        = { Get-MPStructure Al2O3 -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-StrainSeries -Range 0.02 @With }
        ByParameter    = { param($With, $Place) New-StrainSeries 0.02 -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-StrainSeries -Range 0.02 @With }
        Fail           = { param($With, $Place) $Place.Data | New-StrainSeries -Range 0.025 @With }
        FailId         = 'StrainStepMismatch'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'makes 2001 structures of a range of 0.1 in steps of 0.0001, exactly' {
        $structure = Get-MPStructure Al -Source Bundled
        $series = @($structure | New-StrainSeries -Range 0.1 -Step 0.0001)
        $series.Count | Should -Be 2001
        $series[1000].Lattice | Should -Be $structure.Lattice
        $series[0].Name | Should -Be 'strain_-0.1000'
    }

    It 'takes frames, too' {
        $frame = Import-Outcar "$PSScriptRoot/../../samples/al-strain/strain_+0.0000"
        @($frame | New-StrainSeries -Range 0.01).Count | Should -Be 3
    }
}
