#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Register-DftCluster' {
    $calls = @{
        Cmdlet = 'Register-DftCluster'
        Run    = { param($With) Register-DftCluster site login.my.site -WorkDirectory '$SCRATCH/jobs' -Partition short -WallTime 2-00:00:00 -Force @With }
        Fail   = { param($With) Register-DftCluster 'no name' @With }
        FailId = 'ClusterNameInvalid'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
    }

    AfterAll { $env:ATOMPRONET_HOME = $before }

    It 'takes Slurm where a host is given, and says so of a login node without a batch system' {
        (Register-DftCluster one me@login).Scheduler | Should -Be 'Slurm'
        $warnings = $null
        (Register-DftCluster two me@login -Scheduler Local -WarningVariable warnings -WarningAction SilentlyContinue).Scheduler | Should -Be 'Local'
        $warnings | Should -HaveCount 1
        (Register-DftCluster three).Scheduler | Should -Be 'Local'
    }

    It 'keeps with -Force what is not given' {
        $null = Register-DftCluster kept login -Account abc -WallTime 1:00:00 -Tasks 4 -Module qe/7.2, mkl
        { Register-DftCluster kept login -ErrorAction Stop } | Should -Throw -ErrorId 'ClusterExists,*'
        $changed = Register-DftCluster kept -MaxQueued 999 -Force
        $changed.SshHost, $changed.Resources.Account, $changed.Resources.Tasks, $changed.MaxQueued | Should -Be 'login', 'abc', 4, 999
        $changed.Modules | Should -Be 'qe/7.2', 'mkl'
    }

    It 'refuses what would reach a shell or the header of a script: <Given>' -ForEach @(
        @{ Given = '-SshHost'; Value = '-oProxyCommand=x'; Id = 'SshHostInvalid' }
        @{ Given = '-SshHost'; Value = 'me@host:22'; Id = 'SshHostInvalid' }
        @{ Given = '-Partition'; Value = "a`nb"; Id = 'JobHeaderInvalid' }
        @{ Given = '-Account'; Value = '$(id)'; Id = 'JobHeaderInvalid' }
        @{ Given = '-WorkDirectory'; Value = 'jobs'; Id = 'WorkDirectoryInvalid' }
        @{ Given = '-WallTime'; Value = 'a day'; Id = 'WallTimeInvalid' }
        @{ Given = '-SchedulerOption'; Value = 'gres'; Id = 'JobOptionInvalid' }
    ) {
        $splat = @{ $Given.Substring(1) = $Value }
        { Register-DftCluster bad @splat -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
        Get-DftCluster bad* | Should -BeNullOrEmpty
    }

    It 'writes what the user alone can read' -Skip:$IsWindows {
        $null = Register-DftCluster private login
        (Get-Item "$env:ATOMPRONET_HOME/clusters").UnixMode | Should -Be 'drwx------'
        (Get-Item "$env:ATOMPRONET_HOME/clusters/private.json").UnixMode | Should -Be '-rw-------'
    }
}
