#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Get-MPStructure' {
    $calls = @{
        Cmdlet         = 'Get-MPStructure'
        Run            = { param($With) 'Al2O3', 'Si' | Get-MPStructure -Source Bundled @With }
        ByParameter    = { param($With) Get-MPStructure Al2O3, Si -Source Bundled @With }
        ByPropertyName = { param($With) [pscustomobject]@{ Formula = 'Al2O3' }, [pscustomobject]@{ Formula = 'Si' } | Get-MPStructure -Source Bundled @With }
        Fail           = { param($With) Get-MPStructure Xx2O3 -Source Bundled @With }
        FailId         = 'MaterialNotFound'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'asks for a key where the Materials Project is asked for, and does not touch the network' {
        $env:MP_API_KEY = $null
        { Get-MPStructure Al2O3 -Source MaterialsProject -ErrorAction Stop } | Should -Throw -ErrorId 'ApiKeyMissing,*'
    }
}
