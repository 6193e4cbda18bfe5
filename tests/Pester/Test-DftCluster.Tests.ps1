#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Test-DftCluster' {
    $calls = @{
        Cmdlet         = 'Test-DftCluster'
        Run            = { param($With) 'local' | Test-DftCluster @With }
        ByParameter    = { param($With) Test-DftCluster local @With }
        ByPropertyName = { param($With) [pscustomobject]@{ Name = 'local' } | Test-DftCluster @With }
        Fail           = { param($With) Test-DftCluster none, local @With }
        FailId         = 'ClusterNotFound'
        Skip           = $IsWindows
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
    }

    AfterAll { $env:ATOMPRONET_HOME = $before }

    It 'says of this machine that all is well' -Skip:$IsWindows {
        $checks = Test-DftCluster
        $checks.Check | Should -Be 'Connection', 'Programs', 'Queue', 'Accounting', 'WorkDirectory', 'FreeSpace', 'Clock', 'Environment'
        ($checks | Where-Object Check -NE FreeSpace).Outcome | Select-Object -Unique | Should -Be 'Passed'
    }

    It 'says of a host that is not there what is wrong and what to do, and checks nothing else' -Skip:$IsWindows {
        $null = Register-DftCluster far nowhere.invalid
        $checks = Test-DftCluster far
        $checks[0].Outcome | Should -Be 'Failed'
        $checks[0].Message | Should -Not -BeNullOrEmpty
        $checks[0].Remedy | Should -Not -BeNullOrEmpty
        ($checks | Select-Object -Skip 1).Outcome | Select-Object -Unique | Should -Be 'Skipped'
        # The table tells all of it, however narrow the window is.
        (($checks[0] | Format-Table | Out-String -Width 80) -replace '\s').Contains(($checks[0].Message + $checks[0].Remedy) -replace '\s') | Should -BeTrue
    }

    It 'takes no credential for the system''s ssh, and none for this machine' -Skip:$IsWindows {
        $secret = [Security.SecureString]::new()
        $secret.AppendChar('x')
        $null = Register-DftCluster plain nowhere.invalid -Transport OpenSsh
        { Test-DftCluster plain -Credential ([pscredential]::new('me', $secret)) -ErrorAction Stop } | Should -Throw '*ssh-add*' -ErrorId 'OpenSshTakesNoSecret,*'
        { Test-DftCluster local -Credential ([pscredential]::new('me', $secret)) -ErrorAction Stop } | Should -Throw -ErrorId 'ClusterNotRemote,*'
    }

    It 'names a module and a launcher that are missing' -Skip:$IsWindows {
        $null = Register-DftCluster bare -Module nosuch/1.0 -LaunchLine 'nosuchrun -np {tasks}'
        $check = Test-DftCluster bare | Where-Object Check -EQ Environment
        $check.Outcome | Should -Be 'Failed'
        $check.Message | Should -BeLike '*module nosuch/1.0*nosuchrun*'
    }
}
