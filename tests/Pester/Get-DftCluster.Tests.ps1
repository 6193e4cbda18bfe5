#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-DftCluster' {
    $calls = @{
        Cmdlet         = 'Get-DftCluster'
        Prepare        = { $null = 'site', 'other' | ForEach-Object { Register-DftCluster $_ "login.$_" -Force } }
        Run            = { param($With) 'site' | Get-DftCluster @With }
        ByParameter    = { param($With) Get-DftCluster site @With }
        ByPropertyName = { param($With) [pscustomobject]@{ Name = 'site' } | Get-DftCluster @With }
        Wildcard       = { param($With) Get-DftCluster s* @With }
        Fail           = { param($With) Get-DftCluster none, site @With }
        FailId         = 'ClusterNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
    }

    AfterAll { $env:ATOMPRONET_HOME = $before }

    It 'always has this machine, and says which there are where one is not' {
        (Get-DftCluster).Name | Should -Be 'local'
        $null = Register-DftCluster far login
        (Get-DftCluster).Name | Should -Be 'local', 'far'
        { Get-DftCluster fra -ErrorAction Stop } | Should -Throw '*local, far*'
        Get-DftCluster nothing* | Should -BeNullOrEmpty
    }

    It 'leaves out a file that is damaged, and says which' {
        Set-Content "$env:ATOMPRONET_HOME/clusters/broken.json" '{ "name": '
        $failures = $null
        (Get-DftCluster -ErrorVariable failures -ErrorAction SilentlyContinue).Name | Should -Be 'local', 'far'
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'ClusterProfileDamaged,*'
        "$($failures[0])" | Should -BeLike '*broken.json*'
        Remove-Item "$env:ATOMPRONET_HOME/clusters/broken.json"
    }

    It 'is completed, wherever a cluster is asked for: <Line>' -ForEach @(
        @{ Line = 'Get-DftCluster f' }, @{ Line = 'Unregister-DftCluster f' }, @{ Line = 'Test-DftCluster f' }, @{ Line = 'Register-DftCluster f' }
        @{ Line = 'Submit-DftJob -Cluster f' }, @{ Line = 'Get-DftJob -Cluster f' }
    ) {
        $found = (TabExpansion2 $Line $Line.Length).CompletionMatches
        $found.CompletionText | Should -Be 'far'
        $found.ToolTip | Should -Be 'far (Slurm on login)'
    }
}
