#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-VaspInput' {
    $calls = @{
        Cmdlet         = 'New-VaspInput'
        Prepare        = { Get-MPStructure Al -Source Bundled }
        Run            = { param($With, $Place) $Place.Data | New-VaspInput $Place.Fresh() @With }
        ByParameter    = { param($With, $Place) New-VaspInput $Place.Fresh() -Structure $Place.Data @With }
        ByPropertyName = { param($With, $Place) [pscustomobject]@{ Structure = $Place.Data } | New-VaspInput $Place.Fresh() @With }
        Fail           = { param($With, $Place) $Place.Data | New-VaspInput $Place.Fresh() -FolderName '{nothing}' @With }
        FailId         = 'FolderPlaceholderUnknown'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'makes no folder that Windows could not have' {
        $structure = Get-MPStructure Al -Source Bundled
        $inputs = foreach ($name in 'CON', 'a:b', 'dots...', 'blank ', 'lpt1.x') { $structure.With($null, $null, $null, $null, $name, $null) | New-VaspInput (Join-Path $TestDrive 'names') -WarningAction SilentlyContinue }
        $inputs | Should -HaveCount 5
        foreach ($made in $inputs) {
            $name = Split-Path $made.FolderPath -Leaf
            $name | Should -Not -Match '(?i)^(con|aux|prn|nul|com\d|lpt\d)(\.|$)'
            $name | Should -Not -Match '[<>:"/\\|?*]|[. ]$'
        }
    }

    It 'writes line feeds alone' {
        $made = Get-MPStructure Al -Source Bundled | New-VaspInput (Join-Path $TestDrive 'lf') -WarningAction SilentlyContinue
        foreach ($file in Get-ChildItem $made.FolderPath) { [IO.File]::ReadAllText($file.FullName) | Should -Not -Match "`r" }
    }
}
