#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Disconnect-DftCluster' {
    BeforeAll {
        Import-Module $env:ATOMPRONET_MODULE
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
    }

    AfterAll { $env:ATOMPRONET_HOME = $before }

    It 'has nothing to close where nothing stands' {
        Disconnect-DftCluster local -Verbose 4>&1 | Select-Object -Last 1 | Should -BeLike 'No connection to local stood.'
        { Disconnect-DftCluster none -ErrorAction Stop } | Should -Throw '*none*' -ErrorId 'ClusterNotFound,*'
    }

    It 'takes clusters from the pipeline, by name and by property' {
        'local' | Disconnect-DftCluster | Should -BeNullOrEmpty
        Get-DftCluster local | Disconnect-DftCluster | Should -BeNullOrEmpty
        [pscustomobject]@{ Cluster = 'local' } | Disconnect-DftCluster | Should -BeNullOrEmpty
    }

    It 'tells of a cluster that is not there, and goes on' {
        'none', 'local' | Disconnect-DftCluster -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ClusterNotFound*'
    }

    It 'does nothing with -WhatIf' {
        Disconnect-DftCluster local -WhatIf -Verbose 4>&1 | Should -BeNullOrEmpty
    }
}
