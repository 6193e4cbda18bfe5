#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Unregister-DftCluster' {
    $calls = @{
        Cmdlet         = 'Unregister-DftCluster'
        Run            = { param($With, $Place) $name = $Place.Fresh(); $null = Register-DftCluster $name -WhatIf:$false; $name | Unregister-DftCluster @With }
        ByParameter    = { param($With, $Place) $name = $Place.Fresh(); $null = Register-DftCluster $name; Unregister-DftCluster $name @With }
        ByPropertyName = { param($With, $Place) Register-DftCluster $Place.Fresh() | Unregister-DftCluster @With }
        Fail           = { param($With) Unregister-DftCluster none @With }
        FailId         = 'ClusterNotFound'
        MayBeEmpty     = $true
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
    }

    AfterAll { $env:ATOMPRONET_HOME = $before }

    It 'forgets a cluster, and only that' {
        $null = 'a', 'b' | ForEach-Object { Register-DftCluster $_ login }
        Unregister-DftCluster a -WhatIf
        (Get-DftCluster).Name | Should -Be 'local', 'a', 'b'
        Unregister-DftCluster a -Confirm:$false | Should -BeNullOrEmpty
        (Get-DftCluster).Name | Should -Be 'local', 'b'
    }

    It 'does not forget this machine' {
        { Unregister-DftCluster local -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ClusterIsBuiltIn,*'
    }
}
