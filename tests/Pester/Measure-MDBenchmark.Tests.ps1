#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Measure-MDBenchmark' {
    $calls = @{
        Cmdlet          = 'Measure-MDBenchmark'
        Prepare         = {
            $log = 'LAMMPS (29 Sep 2021)', 'units metal', 'pair_style sw', 'timestep 0.0001', 'run 100', 'Loop time of {0} on 1 procs for 100 steps with {1} atoms', 'Total wall time: 0:00:03'
            foreach ($size in 1, 2) {
                $null = New-Item "${size}x${size}x$size", taken -ItemType Directory -Force
                Set-Content "${size}x${size}x$size/log.lammps" (($log -join "`n") -f $size, (8 * $size * $size * $size))
            }
            Set-Content taken/speed-size.svg mine
            Import-MDBenchmark 1x1x1, 2x2x2
        }
        Run             = { param($With, $Place) $Place.Data | Measure-MDBenchmark @With }
        GivesWithWhatIf = $true
        Fail            = { param($With, $Place) $Place.Data | Measure-MDBenchmark -Plot taken @With }
        FailId          = 'FileExists'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
