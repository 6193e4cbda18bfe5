#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Import-MDBenchmark' {
    $calls = @{
        Cmdlet         = 'Import-MDBenchmark'
        Prepare        = {
            $log = 'LAMMPS (29 Sep 2021)', 'units metal', 'pair_style sw', 'timestep 0.0001', 'run 100', 'Loop time of {0} on 1 procs for 100 steps with {1} atoms', 'Total wall time: 0:00:03'
            foreach ($folder in 'run', 'a[1]') {
                $null = [IO.Directory]::CreateDirectory((Join-Path $PWD $folder))
                Set-Content -LiteralPath (Join-Path $folder log.lammps) (($log -join "`n") -f 2.16, 64)
            }
            Set-Content empty.txt ''
        }
        Run            = { param($With) 'run' | Import-MDBenchmark @With }
        ByParameter    = { param($With) Import-MDBenchmark run @With }
        ByPropertyName = { param($With) Get-Item run/log.lammps | Import-MDBenchmark @With }
        Wildcard       = { param($With) Import-MDBenchmark r?n @With }
        Literal        = { param($With) Import-MDBenchmark -LiteralPath 'a[1]/log.lammps' @With }
        Fail           = { param($With) Import-MDBenchmark empty.txt @With }
        FailId         = 'BenchmarkFileEmpty'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls
}
