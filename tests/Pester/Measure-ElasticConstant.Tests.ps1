#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-ElasticConstant' {
    $calls = @{
        Cmdlet         = 'Measure-ElasticConstant'
        Prepare        = {
            # An isotropic solid, C11 = 1, C12 = 0.5, C44 = 0.25 eV per cubic angstrom: stress from Hooke's law.
            $series = @(Get-MPStructure Al -Source Bundled | New-StrainSeries -Mode Elastic)
            $series | Export-Structure elastic.xyz
            $index = 0
            $lines = foreach ($line in Get-Content elastic.xyz) {
                if (-not $line.StartsWith('Lattice=')) { $line; continue }
                $e = [double[]] ($series[$index++].Provenance.Parameters['voigt'] -split ' ')
                $trace = 0.5 * ($e[0] + $e[1] + $e[2])
                $x, $y, $z = $e[0..2] | ForEach-Object { 0.5 * $_ + $trace }
                $yz, $xz, $xy = $e[3..5] | ForEach-Object { 0.25 * $_ }
                $line + ' energy=-1 stress="' + ($x, $xy, $xz, $xy, $y, $yz, $xz, $yz, $z -join ' ') + '"'
            }

            $lines | Set-Content elastic.xyz
            Import-TrainingSet elastic.xyz
        }
        Run            = { param($With, $Place) $Place.Data | Measure-ElasticConstant (Get-MPStructure Al -Source Bundled) @With }
        Fail           = { param($With, $Place) $Place.Data | Measure-ElasticConstant @With }
        FailId         = 'ElasticReference*'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
